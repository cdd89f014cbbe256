#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the rows of energy_table.cpp: asks CACTI 7.0 (github.com/HewlettPackard/cacti, commit 1ffd8df)
# what a lookup costs in a TLB of each shape, and writes those for which it has an answer.
#
#   cacti_table.sh DIRECTORY      with the built program `cacti` and its `cache.cfg` in it
#
# An entry holds 8 bytes besides its tag: 44 bits of frame number, 8 of flags, and what is left.
# The tag is 27 bits of an Sv39 page number, less those that choose the set, and 16 of ASID.
set -euo pipefail

directory=$(readlink -f "$1")
entry_bytes=8
page_number_bits=27
asid_bits=16
configuration=$(mktemp)
trap 'rm -f "$configuration"' EXIT

# Later lines replace those of CACTI's own file.
configure() {
  local entries=$1 associativity=$2 tag_bits=$3 search_ports=$4
  cat "$directory/cache.cfg" - > "$configuration" <<CONFIGURATION

-size (bytes) $((entries * entry_bytes))
-block size (bytes) $entry_bytes
-associativity $associativity
-read-write port 1
-exclusive read port 0
-exclusive write port 0
-search port $search_ports
-technology (u) 0.022
-output/input bus width 64
-operating temperature (K) 350
-cache type "cache"
-tag size (b) $tag_bits
-access mode (normal, sequential, fast) - "normal"
-Optimize ED or ED^2 (ED, ED^2, NONE): "ED"
-Cache model (NUCA, UCA)  - "UCA"
-Add ECC - "false"
-Print level (DETAILED, CONCISE) - "CONCISE"
-Print input parameters - "false"
CONFIGURATION
}

# figure NAME FACTOR: the figure of the first line with that name, in a unit so many times smaller.
figure() {
  awk -v name="$1" -v factor="$2" 'index($0, name) { printf "%.0f", $NF * factor; exit }' <<< "$answer"
}

row() {
  local sets=$1 ways=$2 energy_name=$3 energy time
  answer=$(cd "$directory" && ./cacti -infile "$configuration" 2>&1) || return 0
  energy=$(figure "$energy_name" 1000000)
  time=$(figure 'Access time (ns)' 1000)
  [[ -n $energy && -n $time ]] || return 0
  printf '    {%d, %d, {%d, %d}},\n' "$sets" "$ways" "$energy" "$time"
}

for entries in 1 2 4 8 16 32 64 128 256 512 1024 2048 4096; do
  configure "$entries" 0 $((page_number_bits + asid_bits)) 1
  row 1 "$entries" 'Total dynamic associative search energy per access (nJ)'
done
for set_bits in 1 2 3 4 5 6 7 8 9 10 11 12; do
  for ways in 1 2 4 8 16; do
    sets=$((1 << set_bits))
    configure $((sets * ways)) "$ways" $((page_number_bits - set_bits + asid_bits)) 0
    row "$sets" "$ways" 'Total dynamic read energy per access (nJ)'
  done
done
