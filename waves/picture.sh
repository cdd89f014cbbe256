#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the pictures of docs/: what GTKWave shows of a view and its recording, in a window that
# nobody sees. The recordings are there already: tb/stories/play.sh makes them.
#
#   waves/picture.sh NAME...      docs/pictures/stories/NAME.png of waves/NAME.gtkw
#
# Ends with status 77 where a tool is missing.
set -euo pipefail

waves=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
pictures=$waves/../docs/pictures/stories

for tool in Xvfb gtkwave xdotool import convert; do
  command -v "$tool" > /dev/null || {
    echo "$tool is missing. As root: apt-get install gtkwave xvfb xdotool imagemagick" >&2
    exit 77
  }
done

scratch=$(mktemp -d)
jobs=()
# shellcheck disable=SC2317  # the trap calls it
clean_up() {
  (( ${#jobs[@]} == 0 )) || kill "${jobs[@]}" 2> /dev/null || true
  rm -rf "$scratch"
}
trap clean_up EXIT

# The server finds a display that is free, and says which.
mkfifo "$scratch/display"
Xvfb -displayfd 3 -screen 0 1700x1200x24 3> "$scratch/display" 2> /dev/null &
jobs+=("$!")
read -r number < "$scratch/display"
export DISPLAY=:$number

# What surrounds signals and waves in the window: titles, tools, and where they could be scrolled.
readonly left_and_top=48x98 right_and_bottom=24x22

# until_drawn WINDOW FILE : a picture of the window that shows something and does not change.
until_drawn() {
  local window=$1 file=$2 before=$2.before attempt
  import -window "$window" "$file"
  for attempt in {1..30}; do
    sleep 1
    mv "$file" "$before"
    import -window "$window" "$file"
    if cmp -s "$file" "$before" && (( $(identify -format %k "$file") > 50 )); then
      return
    fi
  done
  echo "GTKWave's window does not come to rest, $attempt seconds long" >&2
  return 1
}

# picture NAME : few colours are enough, and make it small.
picture() {
  local name=$1 window viewer
  gtkwave --dump "$waves/$name.vcd" --save "$waves/$name.gtkw" --rcvar 'splash_disable on' \
    > /dev/null 2>&1 &
  viewer=$!
  jobs+=("$viewer")
  window=$(xdotool search --sync --onlyvisible --name "GTKWave - .*$name.vcd" | tail -n 1)
  until_drawn "$window" "$scratch/$name.png"
  kill "$viewer"
  wait "$viewer" 2> /dev/null || true
  convert "$scratch/$name.png" -gravity NorthWest -chop "$left_and_top" \
    -gravity SouthEast -chop "$right_and_bottom" +repage +dither -colors 32 -strip "PNG8:$pictures/$name.png"
}

for name in "$@"; do
  [[ -e $waves/$name.vcd ]] || { echo "waves/$name.vcd is not there: tb/stories/play.sh $name" >&2; exit 2; }
  picture "$name"
done
