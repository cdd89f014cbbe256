#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# C++ is formatted as .clang-format says; shell scripts give shellcheck nothing to say.
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

cd "$project_root"
mapfile -t cpp_files < <(find hw sw tb tests -name '*.[ch]pp' -not -path '*/node_modules/*')
mapfile -t shell_scripts < <(find tb tests -name '*.sh' -not -path '*/node_modules/*')

clang-format --dry-run --Werror "${cpp_files[@]}"
shellcheck --external-sources .ci/run "${shell_scripts[@]}"
