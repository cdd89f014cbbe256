#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Opens reports in headless Chromium: every chart that has something to show is drawn, and the browser
# has nothing to complain of. Skipped where the browser, or what draws the charts, is not installed.
#
#   browser_test.sh PATH_TO_MMUSIM SCREENSHOT_DIRECTORY?
set -euo pipefail

mmusim=$(readlink -f "$1")
pictures=${2-}
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../.."

skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[[ -n $browser ]] || skip 'there is no Chromium; Debian calls it chromium'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# look PAGE OPTION... : the browser on that page, with nothing of its own kept.
look() {
  local page=$1
  shift
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
    --user-data-dir="$scratch/profile" --hide-scrollbars --virtual-time-budget=20000 \
    --enable-logging=stderr "$@" "file://$page" 2> "$scratch/browser.log"
}

# expect PAGE DRAWN : so many charts are drawn, and the console is empty.
expect() {
  local page=$scratch/$1 drawn=$2 found
  look "$page" --dump-dom > "$scratch/dom.html"
  if grep -F 'CONSOLE' "$scratch/browser.log"; then
    echo "$1: the browser complains"
    exit 1
  fi
  found=$(grep -oE 'data-charts-drawn="[0-9]+"' "$scratch/dom.html" || true)
  if [[ $found != "data-charts-drawn=\"$drawn\"" ]]; then
    echo "$1: ${found:-no chart was drawn}, expected $drawn"
    exit 1
  fi
  if (( $(grep -oE '<svg[^>]*class="marks"' "$scratch/dom.html" | wc -l) != drawn )); then
    echo "$1: not every chart that was drawn has a picture"
    exit 1
  fi
  if grep -oE '<path[^>]* d="[^"]*NaN[^"]*"' "$scratch/dom.html"; then
    echo "$1: a chart shows what is no number"
    exit 1
  fi
  echo "$1: $drawn charts"
  if [[ -n $pictures ]]; then
    look "$page" --window-size=1280,6400 --screenshot="$pictures/${1%.html}.png" > /dev/null
    look "$page" --window-size=1280,6400 --blink-settings=preferredColorScheme=0 \
      --screenshot="$pictures/${1%.html}-dark.png" > /dev/null
    look "$page" --print-to-pdf="$pictures/${1%.html}.pdf" --no-pdf-header-footer > /dev/null
  fi
}

trace=tb/traces/sqlite-group-by.mmutrace.xz
"$mmusim" run --json "$scratch/base.json" --interval 50000 "$trace" > /dev/null
"$mmusim" run --json "$scratch/large.json" --set tlbs.l1d.sets=64 "$trace" > /dev/null
"$mmusim" run --json "$scratch/storm.json" --interval 2000 --workload tb/scripts/swap-storm.workload > /dev/null
"$mmusim" explore --json "$scratch/shapes.json" "$trace" > /dev/null

report() {
  (cd "$scratch" && "$mmusim" report "${@:2}" -o "$1" 2> "$1.log")
  if grep -F 'npm' "$scratch/$1.log"; then
    skip 'what draws the charts is not installed; the line above says how it is'
  fi
}

report base.html base.json
report storm.html storm.json
report comparison.html base.json large.json
report shapes.html shapes.json

expect base.html 9
expect storm.html 9
expect comparison.html 18
expect shapes.html 7  # every TLB for instructions misses as little as any other
