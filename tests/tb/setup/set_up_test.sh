#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What tb/setup/set_up.sh does to a machine, told by stand-ins for the commands that would change it:
# each notes how it was called. No other command can be found while a case runs.
set -euo pipefail

project_root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../..")
machine=$(mktemp --directory)
trap 'rm -r -- "$machine"' EXIT
failures=0

# stand_in COMMAND SCRIPT : puts a command onto the machine.
stand_in() {
  printf '#!/bin/bash\n%s\n' "$2" >"$machine/bin/$1"
  chmod +x "$machine/bin/$1"
}

# new_machine USER_ID INSTALLED... : a machine where that user has those packages.
new_machine() {
  local user_id=$1 packages
  shift
  rm -rf -- "${machine:?}/bin"
  mkdir "$machine/bin"
  ln -s "$(command -v dirname)" "$(command -v readlink)" "$(command -v env)" "$machine/bin"
  : >"$machine/calls"

  packages=$(printf 'installed %s\n' "$@")
  stand_in dpkg-query "printf '%s\n' '$packages' 'config-files removed-package'"
  stand_in id "echo $user_id"
  stand_in apt-get "echo 'Reading package lists...'; echo apt-get \"\$@\" >>'$machine/calls'"
}

# install NAME... : calls install_packages there; fills $status, $output, $errors and $calls.
install() {
  status=0
  # shellcheck disable=SC2016  # expanded by the inner shell
  PATH=$machine/bin /bin/bash -euo pipefail \
    -c 'source "$0"; install_packages "$@"' "$project_root/tb/setup/set_up.sh" "$@" \
    >"$machine/output" 2>"$machine/errors" || status=$?
  output=$(<"$machine/output")
  errors=$(<"$machine/errors")
  calls=$(<"$machine/calls")
}

# expect WHAT ACTUAL PATTERN : the pattern, a shell pattern, must match all of the actual text.
expect() {
  # shellcheck disable=SC2053  # a pattern is what is wanted
  if [[ $2 == $3 ]]; then
    printf 'ok      %s\n' "$1"
  else
    printf 'FAILED  %s\n  found    %s\n  expected %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}

newline=$'\n'

new_machine 0 cmake g++
install g++ cmake
expect 'nothing missing: success' "$status" 0
expect 'nothing missing: apt is not called' "$calls" ''
expect 'nothing missing: nothing is said' "$output$errors" ''

new_machine 0 cmake
install g++ cmake removed-package
expect 'missing, as root: success' "$status" 0
expect 'missing, as root: the lists are fetched, then the missing packages and no others' "$calls" \
  "apt-get * update${newline}apt-get * install --yes --no-install-recommends g++ removed-package"
expect 'missing, as root: standard output stays empty' "$output" ''

new_machine 1000 cmake
stand_in sudo "echo sudo >>'$machine/calls'; exec \"\$@\""
install g++ cmake
expect 'missing, as a user with sudo: success' "$status" 0
expect 'missing, as a user with sudo: both calls go through it' "$calls" \
  "sudo${newline}apt-get * update${newline}sudo${newline}apt-get * install * g++"

new_machine 1000 cmake
install g++ cmake
expect 'missing, as a user without sudo: refused' "$status" 2
expect 'missing, as a user without sudo: nothing is tried' "$calls" ''
expect 'missing, as a user without sudo: what to type as root' "$errors" \
  '*needs root or sudo*apt-get install --no-install-recommends g++*'

new_machine 0 cmake
stand_in apt-get 'echo "no network" >&2; exit 100'
install g++
expect 'apt fails: refused' "$status" 2
expect 'apt fails: its message and the packages' "$errors" '*no network*Could not install: g++*'

new_machine 0
rm "$machine/bin/dpkg-query"
install g++
expect 'not a Debian: refused' "$status" 2
expect 'not a Debian: what is needed' "$errors" '*not a Debian*g++*'

status=0
errors=$("$project_root/tests/run.sh" --lnog 2>&1 >/dev/null) || status=$?
expect 'tests/run.sh: an unknown argument is refused' "$status" 2
expect 'tests/run.sh: an unknown argument is named, with the usage' "$errors" '*--lnog*Usage: tests/run.sh*'

(( failures == 0 ))
