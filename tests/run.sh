#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the project, with whatever that needs, and runs its tests. docs/testing.md says what they are.
set -euo pipefail

usage='Usage: tests/run.sh [--long | --style]

  (nothing)   the tests that everyone runs: under 10 minutes on two cores
  --long      also both compilers, the sanitizers, fuzzing and the soaks: under an hour
  --style     formatting, shellcheck, clang-tidy and each file by itself, and no test: 30 minutes'

tier=release
for argument in "$@"; do
  case $argument in
    --long) tier=long ;;
    --style) tier=style ;;
    --help | -h) printf '%s\n' "$usage"; exit 0 ;;
    *) printf 'tests/run.sh: unknown argument: %s\n\n%s\n' "$argument" "$usage" >&2; exit 2 ;;
  esac
done

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")/tb/setup/set_up.sh"

packages=("${build_packages[@]}")
if [[ $tier != release ]]; then
  packages+=("${long_test_packages[@]}")
fi
install_packages "${packages[@]}"

if [[ $tier == style ]]; then
  "$project_root/tests/style/format.sh"
  "$project_root/tests/style/files_alone.sh"
  exec "$project_root/tests/style/tidy.sh"
fi
build release

cd "$project_root"
exec ctest --preset "$tier" --parallel "$(nproc)"
