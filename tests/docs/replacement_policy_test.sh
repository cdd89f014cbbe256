#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Follows docs/replacement-policy.md in a copy of the source: makes its changes, builds what they touch
# and runs the test that the page adds. With --whole also builds the program there and runs the page's
# commands, which takes some minutes.
#
#   replacement_policy_test.sh [--whole] CATCH_SESSION COMPILER [OPTION...]
#
# CATCH_SESSION is the library with Catch2's own code, as COMPILER with its options made it.
set -euo pipefail

whole=
if [[ $1 == --whole ]]; then
  whole=yes
  shift
fi
catch_session=$1 compiler=("${@:2}")
project_root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..")
copy=$(mktemp --directory)
trap 'rm -r -- "$copy"' EXIT
page=docs/replacement-policy.md

cp -r "$project_root"/{CMakeLists.txt,CMakePresets.json,hw,sw,tb,tests,docs} "$copy"
cd "$copy"

awk '/^```diff$/ { file = "change-" ++number; next } /^```$/ { file = "" } file { print >file }' "$page"
for change in change-*; do
  git apply --recount --verbose "$change"
done

flags=(-std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -DCATCH_CONFIG_FAST_COMPILE -I.)
"${compiler[@]}" "${flags[@]}" hw/base/replacement.cpp tests/hw/base/replacement_test.cpp \
  tests/support/catch_main.cpp "$catch_session" -lfmt -o replacement_test
./replacement_test

if [[ $whole ]]; then
  tests/docs/documented_commands_test.sh "$page"
fi
