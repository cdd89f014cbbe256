#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A result does not depend on the compiler or the optimisation: gcc and clang, -O2 and -O0, write the
# same bytes.
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

presets=(release dev clang clang-dev)
trace=$project_root/tb/traces/sqlite-group-by.mmutrace.xz

# The arguments of `mmusim run`, a run per line.
runs=(
  "$trace --preset default"
  "$trace --preset plain"
)

for preset in "${presets[@]}"; do
  build "$preset" mmusim
done

results=$(mktemp --directory)
trap 'rm -r -- "$results"' EXIT

differences=0
for run in "${runs[@]}"; do
  read -r -a arguments <<<"$run"
  for preset in "${presets[@]}"; do
    "$(build_directory "$preset")/mmusim" run "${arguments[@]}" --json - >"$results/$preset.json"
    if cmp "$results/${presets[0]}.json" "$results/$preset.json"; then
      printf 'same    %-10s %s\n' "$preset" "$run"
    else
      printf 'DIFFERS %-10s %s\n' "$preset" "$run"
      differences=$((differences + 1))
    fi
  done
done
(( differences == 0 ))
