#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A result does not depend on the compiler or the optimisation: gcc with -O3 and -O0, clang with -O3 and
# with sanitizers, write the same bytes.
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

presets=(release unoptimised clang asan-ubsan)
trace=tb/traces/sqlite-group-by.mmutrace.xz

# The arguments of `mmusim run`, a run per line.
runs=(
  "$trace --preset default --limit 1000000"
  "$trace --preset plain"
  "$trace $trace --set os.scheduler.time_slice_cycles=50000 --set paging.asid_bits=1 --interval 500000 --limit 1000000"
  "generate:zipf,accesses=100000,footprint=32MiB,write_percent=30 --seed 7 --set tlbs.l2.replacement=random"
  "generate:random,accesses=100000,footprint=1GiB --preset plain --set paging.mode=sv48 --warmup 50000"
  "generate:chase,accesses=50000,footprint=16MiB generate:gups,accesses=50000 --set paging.asid_bits=0"
  "$trace --set cpu.data_path=memory --set cpu.max_outstanding=8 --limit 500000"
  "--workload tb/scripts/swap-storm.workload --interval 100000 --check"
  "generate:stride,accesses=100000,stride=12KiB generate:sequential,accesses=100000 --set tlbs.l1d.sets=3"
)

for preset in "${presets[@]}"; do
  build "$preset" mmusim
done

cd "$project_root"
results=$(mktemp --directory)
trap 'rm -r -- "$results"' EXIT

differences=0
for run in "${runs[@]}"; do
  read -r -a arguments <<<"$run"
  running=()
  for preset in "${presets[@]}"; do
    "$(build_directory "$preset")/mmusim" run "${arguments[@]}" --json - >"$results/$preset.json" &
    running+=($!)
  done
  for process in "${running[@]}"; do
    wait "$process"
  done
  for preset in "${presets[@]}"; do
    if cmp "$results/${presets[0]}.json" "$results/$preset.json"; then
      printf 'same    %-10s %s\n' "$preset" "$run"
    else
      printf 'DIFFERS %-10s %s\n' "$preset" "$run"
      differences=$((differences + 1))
    fi
  done
done
(( differences == 0 ))
