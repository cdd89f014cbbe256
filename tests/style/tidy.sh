#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy on every source: with the checks of .clang-tidy while clang compiles the program, and with
# those of tests/.clang-tidy on the tests.
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

# Both go on to their end, so that one call shows every finding.
findings=0
build tidy mmusim generate_reference -k 0 || findings=1

cd "$project_root"
find tests -name '*.cpp' -not -path 'tests/fuzz/*' -print0 |
  xargs --null --max-procs="$(nproc)" --max-args=4 \
    clang-tidy --quiet -p "$(build_directory tidy)" || findings=1
(( findings == 0 ))
