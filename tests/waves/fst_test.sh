#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Waves in GTKWave's own format: the same changes as the value change dump, as fst2vcd reads them
# back. Skipped where GTKWave is not installed.
#
#   fst_test.sh MMUSIM      the built program
set -euo pipefail

mmusim=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

trace=generate:gups,accesses=300,footprint=256KiB
window=(--vcd-from 1000 --vcd-to 9000)

# Without the converter the run is refused before it begins, and the message names the package.
mkdir empty
if PATH=$scratch/empty "$mmusim" run --vcd waves.fst "$trace" > /dev/null 2> errors; then
  echo 'an FST file without vcd2fst was not refused'
  exit 1
fi
grep -qx "mmusim: waves.fst: vcd2fst is not installed, expected Debian's package gtkwave, or a name that does not end in .fst" errors \
  || { cat errors; exit 1; }
[[ ! -e waves.fst ]] || { echo 'a file is left'; exit 1; }

if ! command -v vcd2fst > /dev/null || ! command -v fst2vcd > /dev/null; then
  echo "skipped: vcd2fst and fst2vcd are not installed; Debian's package gtkwave has them"
  exit 77
fi

"$mmusim" run --vcd waves.vcd "${window[@]}" "$trace" > /dev/null
"$mmusim" run --vcd waves.fst "${window[@]}" "$trace" > /dev/null
"$mmusim" run --vcd again.fst "${window[@]}" "$trace" > /dev/null
cmp waves.fst again.fst

# changes FILE.vcd : the declared signals and then the changes, by the names of the signals. The
# short names, leading zeros and the order within one time are the writer's affair.
changes() {
  awk '/^\$scope/ { scope = scope "." $3 }
       /^\$upscope/ { sub(/\.[^.]*$/, "", scope) }
       /^\$var/ { name[$4] = scope "." $5; print "signal", $3, name[$4] }
       /^\$enddefinitions/ { begun = 1 }
       /^#/ { time = $1 }
       /^b/ { value = substr($1, 2); sub(/^0+/, "", value); print time, name[$2], "[" value "]" }
       begun && /^[01]/ { value = substr($1, 1, 1); sub(/^0/, "", value)
                          print time, name[substr($1, 2)], "[" value "]" }' "$1" \
    | sort
}
fst2vcd -f waves.fst -o back.vcd > /dev/null
changes waves.vcd > expected
changes back.vcd > found
[[ -s expected ]] || { echo 'nothing was recorded'; exit 1; }
cmp expected found
(( $(stat -c %s waves.fst) < $(stat -c %s waves.vcd) )) || { echo 'the FST file is no smaller'; exit 1; }
echo 'the FST file holds the same changes'
