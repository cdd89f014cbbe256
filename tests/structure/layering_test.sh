#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Who may include whom: tb knows sw and hw, sw knows the vocabulary and the page-table codec, hw
# knows nobody; SystemC is for modules, the wiring and the program.
#
#   layering_test.sh [ROOT]     judges the tree ROOT, or the one that this script is in
set -euo pipefail

cd "${1:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..}"
failures=0

# forbid WHAT PATTERN FILES...: none of the files has an include line that matches.
forbid() {
  local what=$1 pattern=$2 found
  shift 2
  found=$(grep -nE "^#include [<\"]$pattern" "$@" || true)
  if [[ -n $found ]]; then
    printf '%s:\n%s\n' "$what" "$found"
    failures=$((failures + 1))
  fi
}

mapfile -t hw < <(find hw -name '*.?pp')
mapfile -t sw < <(find sw -name '*.?pp')
mapfile -t pure < <(find hw sw tb -name '*.?pp' ! -name '*_module.?pp' ! -path 'tb/system/*' \
                      ! -path 'tb/cli/*')
(( ${#hw[@]} > 0 && ${#sw[@]} > 0 && ${#pure[@]} > 0 )) || { echo 'nothing to judge'; exit 1; }

forbid 'hw/ knows nothing of sw/, tb/ and tests/' '(sw|tb|tests)/' "${hw[@]}"
forbid 'sw/ knows nothing of tb/ and tests/' '(tb|tests)/' "${sw[@]}"
forbid 'of hw/, sw/ knows base/ and paging/ only' 'hw/(tlb|walker|memory|cpu|cache|storage)/' "${sw[@]}"
forbid 'SystemC is for *_module files, tb/system and tb/cli' \
  '(systemc|tlm|tlm_core|tlm_utils|sysc)[/.>]?' "${pure[@]}"
forbid 'a file without SystemC includes no module' '[^">]*_module\.hpp' "${pure[@]}"

if (( failures > 0 )); then
  exit 1
fi
echo 'every include points down'
