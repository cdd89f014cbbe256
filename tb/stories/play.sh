#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays the stories of docs/stories/ and records each as a wave in waves/.
#
#   tb/stories/play.sh            all of them
#   tb/stories/play.sh NAME...    these
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../setup/set_up.sh"

scripts=$project_root/tb/stories
benches=$project_root/build/tb/stories
waves=$project_root/waves

# all_stories : the names, a line each. Each has a view.
all_stories() {
  local view
  for view in "$waves"/*.gtkw; do
    view=$(basename "$view" .gtkw)
    [[ $view == first_faults ]] || printf '%s\n' "$view"
  done
}

# play NAME : a script runs on the machine "plain"; a bench brings its own.
play() {
  local name=$1
  if [[ -e $scripts/$name.workload ]]; then
    "$project_root/build/mmusim" run --preset plain --workload "$scripts/$name.workload" \
      --vcd "$waves/$name.vcd" > /dev/null
  else
    "$benches/$name" "$waves/$name.vcd"
  fi
  printf 'gtkwave %q %q\n' "$waves/$name.vcd" "$waves/$name.gtkw"
}

mapfile -t known < <(all_stories)
stories=("$@")
(( ${#stories[@]} > 0 )) || stories=("${known[@]}")
for name in "${stories[@]}"; do
  [[ " ${known[*]} " == *" $name "* ]] || fail "There is no story '$name'. There are:" "${known[@]}"
done

install_packages "${build_packages[@]}"
build release stories
for name in "${stories[@]}"; do
  play "$name"
done
