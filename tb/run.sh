#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the simulator, with whatever that needs, and runs it.
#
#   tb/run.sh           the main job: a real program's trace through the default machine, the report
#                       on standard output, the first page faults as a wave
#   tb/run.sh ARGS...   the same as build/mmusim ARGS...
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup/set_up.sh"

install_packages "${build_packages[@]}"
build release mmusim
simulator=$project_root/build/mmusim

if (( $# > 0 )); then
  exec "$simulator" "$@"
fi

wave=$project_root/waves/first_faults
"$simulator" run "$project_root/tb/traces/sqlite-group-by.mmutrace.xz" --preset default \
  --vcd "$wave.vcd" --vcd-from 0 --vcd-to 30000

printf '\nThe wave of the first page faults: gtkwave %q %q\n' "$wave.vcd" "$wave.gtkw"
