#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The layering test itself: a tree with one wrong include is refused, for each rule.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# plant FILE INCLUDE: a small sound tree, with this line put into that file.
plant() {
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree"/{hw/base,hw/tlb,sw,tb/trace,tb/system}
  local file
  for file in hw/base/types.hpp hw/tlb/tlb_array.hpp sw/machine.hpp tb/trace/reader.hpp; do
    echo '#include <vector>' > "$scratch/tree/$file"
  done
  echo '#include <systemc>' > "$scratch/tree/hw/tlb/tlb_module.hpp"
  echo '#include <tlm>' > "$scratch/tree/tb/system/simulation.hpp"
  if [[ -n ${1:-} ]]; then
    echo "#include $2" >> "$scratch/tree/$1"
  fi
}

plant
"$here/layering_test.sh" "$scratch/tree" > /dev/null || { echo 'a sound tree is refused'; exit 1; }

while read -r file include; do
  plant "$file" "$include"
  if "$here/layering_test.sh" "$scratch/tree" > /dev/null; then
    echo "$file may include $include"
    exit 1
  fi
done << 'CASES'
hw/base/types.hpp "sw/machine.hpp"
hw/base/types.hpp "tb/trace/reader.hpp"
sw/machine.hpp "tb/trace/reader.hpp"
sw/machine.hpp "hw/tlb/tlb_array.hpp"
sw/machine.hpp <systemc>
hw/tlb/tlb_array.hpp <tlm>
hw/tlb/tlb_array.hpp <tlm_utils/simple_initiator_socket.h>
hw/tlb/tlb_array.hpp "hw/tlb/tlb_module.hpp"
tb/trace/reader.hpp <systemc.h>
CASES
echo 'each wrong include is found'
