#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what was built, moves it, and builds and runs the platform beside this script with it.
#
#   install_test.sh BUILD_DIRECTORY COMPILER
set -euo pipefail

build_directory=$1 compiler=$2
platform=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/platform
scratch=$(mktemp --directory)
trap 'rm -r -- "$scratch"' EXIT

cmake --install "$build_directory" --prefix "$scratch/installed" >/dev/null
mv "$scratch/installed" "$scratch/moved"
"$scratch/moved/bin/mmusim" --version
test -e "$scratch/moved/lib/mmusim/mmusim_recorder.so"

cmake -S "$platform" -B "$scratch/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$scratch/moved" >"$scratch/log"
cmake --build "$scratch/build" >>"$scratch/log" || { cat "$scratch/log"; exit 1; }

# A first page: the lookup and three reads of 20 cycles. The same page again: the lookup. Its neighbour
# is another page. Of 2 MiB: two reads.
expected='0x40000123 -> 0x90000123 after 61 cycles
0x40000ff8 -> 0x90000ff8 after 1 cycles
0x40001000 -> 0x90777000 after 61 cycles
0x40234567 -> 0x90234567 after 41 cycles
1 of 4 lookups hit'
diff <(printf '%s\n' "$expected") <(SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 "$scratch/build/platform")
