#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Slurm recipe of docs/sweep.md, on a Slurm of one node that this script starts and ends: munge,
# slurmctld and slurmd, with their state in a directory of their own. It takes most of a minute, and is
# skipped (status 77) without MMUSIM_TEST_SLURM=1, which installs the packages, and where that cannot be.
#
#   slurm_test.sh PATH/TO/mmusim
set -euo pipefail

# shellcheck source=tests/tb/sweep/recipe.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/recipe.sh"

skip() {
  echo "skipped: $1"
  exit 77
}

(( $(id -u) == 0 )) || skip 'slurmctld and slurmd are started as root'
[[ ${MMUSIM_TEST_SLURM:-} == 1 ]] || skip 'MMUSIM_TEST_SLURM=1 installs slurm-wlm and munge, and runs it'
# shellcheck source=tb/setup/set_up.sh
source "$root/tb/setup/set_up.sh"
install_packages slurm-wlm munge
export PATH=$PATH:/usr/sbin
! grep --quiet --no-messages --line-regexp --extended-regexp 'slurmctld|slurmd' /proc/[0-9]*/comm ||
  skip 'another Slurm runs on this machine'

new_workplace "$1"
state=$workplace/slurm
daemons=()
end_daemons() {
  for (( last = ${#daemons[@]} - 1; last >= 0; --last )); do
    kill "${daemons[last]}" 2> /dev/null || true
    wait "${daemons[last]}" 2> /dev/null || true
  done
  cd /
  rm -r -- "$workplace"
}
trap end_daemons EXIT

# Munge wants a key, and directories, that nobody else can write.
install --directory --owner=munge --group=munge --mode=0711 "$state" "$state/munge"
dd if=/dev/urandom of="$state/munge/key" bs=128 count=1 status=none
chown munge:munge "$state/munge/key"
chmod 0400 "$state/munge/key"
chmod 0755 "$workplace"
setpriv --reuid=munge --regid=munge --clear-groups \
  munged --foreground --socket="$state/munge/socket" --key-file="$state/munge/key" \
  --pid-file="$state/munge/pid" --log-file="$state/munge/log" --seed-file="$state/munge/seed" 2> "$state/munge.out" &
daemons+=($!)

node=$(hostname --short)
cpus=$(nproc)
cat > "$state/slurm.conf" << CONF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
AuthInfo=socket=$state/munge/socket
SlurmctldPort=36817
SlurmdPort=36818
StateSaveLocation=$state/controller
SlurmdSpoolDir=$state/node
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
CONF
mkdir "$state/controller" "$state/node"
export SLURM_CONF=$state/slurm.conf
slurmctld -D > "$state/slurmctld.out" 2>&1 &
daemons+=($!)
slurmd -D > "$state/slurmd.out" 2>&1 &
daemons+=($!)

wait_for_node() {
  for _ in {1..150}; do
    [[ $(sinfo --noheader --format=%T 2> /dev/null) == idle ]] && return
    sleep 0.2
  done
  tail "$state"/*.log "$state"/*.out "$state/munge/log"
  skip 'Slurm does not come up on this machine'
}
wait_for_node

# A machine of fewer processors runs the tasks with as many.
recipe '#SBATCH' | sed "s/--cpus-per-task=2/--cpus-per-task=$(( cpus < 2 ? cpus : 2 ))/" > sweep.sbatch
grep --quiet -- '--array=0-3' sweep.sbatch
sbatch --wait sweep.sbatch || { cat slurm-*.out; exit 1; }
parts=(part-*.jsonl)
(( ${#parts[@]} == 4 ))
expect_whole_sweep
echo "4 tasks of a job array, 28 points: merged, the bytes of one sweep"
