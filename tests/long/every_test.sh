#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# every_test.sh PRESET : builds that preset of CMakePresets.json and runs the everyday tests with it: all
# but those that build what they judge themselves, or judge no program.
set -euo pipefail

preset=${1:?'which preset of CMakePresets.json?'}

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

build "$preset"

cd "$project_root"
exec ctest --preset "$preset" --parallel "$(nproc)" --exclude-regex '^(docs|install|structure): '
