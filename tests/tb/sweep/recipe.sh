# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the tests of the recipes in docs/sweep.md.
#
#   recipe WORD         prints the page's ```bash block that has the word
#   new_workplace       makes and enters a directory with mmusim, found by its name, and program.mmutrace
#   expect_whole_sweep  merges part-*.jsonl and compares that with the sweep done at once

root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../..")

recipe() {
  awk -v word="$1" '
    /^```bash$/ { inside = 1; block = ""; next }
    /^```$/     { if (inside && index(block, word)) { printf "%s", block; exit } inside = 0 }
    inside      { block = block $0 "\n" }' "$root/docs/sweep.md"
}

new_workplace() {
  workplace=$(mktemp --directory)
  cd "$workplace" || exit 1
  mkdir bin
  ln -s "$1" bin/mmusim
  export PATH=$workplace/bin:$PATH
  mmusim trace convert --limit 20000 -o program.mmutrace "$root/tb/traces/sqlite-group-by.mmutrace.xz"
}

expect_whole_sweep() {
  mmusim sweep --merge part-*.jsonl --csv merged.csv --json merged.jsonl
  mmusim sweep -L tlbs.l1d.sets=1:64:x2 -L tlbs.l1d.ways=1,2,4,8 --csv whole.csv --json whole.jsonl \
    program.mmutrace > summary
  cmp merged.csv whole.csv
  cmp merged.jsonl whole.jsonl
  (( $(wc -l < whole.csv) == 29 ))
}
