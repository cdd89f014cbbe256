#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every command that a page shows in a ```sh block, and looks for every line that it shows in a
# ```text block in the output of the command before it. tests/run.sh is the one command that is not
# run: it is what runs this test.
#
#   documented_commands_test.sh PAGE.md
set -euo pipefail

page=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
output=$(mktemp)
trap 'rm -f "$output"' EXIT
block=none
commands=0

run() {
  if [[ $1 == ./tests/run.sh ]]; then
    [[ -x tests/run.sh ]]
    return
  fi
  echo "\$ $1"
  if ! bash -c "$1" > "$output" < /dev/null; then
    echo "$page: this command fails: $1"
    exit 1
  fi
}

expect() {
  if ! grep -qxF -- "$1" "$output"; then
    echo "$page: the output has no such line: $1"
    exit 1
  fi
}

while IFS= read -r line; do
  case $block:$line in
    none:'```sh') block='sh' ;;
    none:'```text') block=text ;;
    *:'```') block=none ;;
    sh:?*)
      run "$line"
      commands=$((commands + 1))
      ;;
    text:?*) expect "$line" ;;
  esac
done < "$page"

if (( commands == 0 )); then
  echo "$page: shows no command"
  exit 1
fi
echo "$commands commands"
