#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A trace that Valgrind's lackey makes of a real program, counted by the simulator and by awk.
#
#   real_lackey_test.sh MMUSIM
set -euo pipefail

mmusim=$1
if ! command -v valgrind > /dev/null; then
  echo 'skipped: valgrind is not installed'
  exit 77
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
valgrind --tool=lackey --trace-mem=yes --log-file="$scratch/trace" /bin/true

# The lines of each kind; a modify is a read and a write.
expected=$(awk '
  /^I  /  { fetches++ }
  /^ [LM] / { reads++ }
  /^ [SM] / { writes++ }
  END { printf "fetch %d read %d write %d\n", fetches, reads, writes }' "$scratch/trace")
"$mmusim" trace info --json "$scratch/info.json" "$scratch/trace" > "$scratch/report"
found=$(awk -F '[:,]' '
  /"fetch":/ && !seen++ { fetches = $2 }
  /"read":/ && !reads { reads = $2 }
  /"write":/ && !writes { writes = $2 }
  END { printf "fetch %d read %d write %d\n", fetches, reads, writes }' "$scratch/info.json")
printf '%s\n' "$found"
if [[ $found != "$expected" ]]; then
  printf 'expected %s\n' "$expected"
  exit 1
fi

# Through the project's own format and back to text, no access is lost.
"$mmusim" trace convert "$scratch/trace" -o "$scratch/a.mmutrace.xz"
"$mmusim" trace convert "$scratch/a.mmutrace.xz" -o "$scratch/b.lackey"
awk '/^I  / || /^ [LS] / { print }
     /^ M /  { sub(/^ M/, " L"); print; sub(/^ L/, " S"); print }' "$scratch/trace" |
  cmp - "$scratch/b.lackey"
