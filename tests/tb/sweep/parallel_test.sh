#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The recipe of docs/sweep.md for GNU parallel. Skipped (status 77) where that is not installed;
# MMUSIM_TEST_PARALLEL=1 installs it first, as root or through sudo.
#
#   parallel_test.sh PATH/TO/mmusim
set -euo pipefail

# shellcheck source=tests/tb/sweep/recipe.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/recipe.sh"

if [[ ${MMUSIM_TEST_PARALLEL:-} == 1 ]]; then
  # shellcheck source=tb/setup/set_up.sh
  source "$root/tb/setup/set_up.sh"
  install_packages parallel
fi
# moreutils has another program of that name.
if ! parallel --version 2> /dev/null | grep --quiet '^GNU parallel'; then
  echo 'skipped: GNU parallel is not installed; MMUSIM_TEST_PARALLEL=1 installs it'
  exit 77
fi

new_workplace "$1"
trap 'cd / && rm -r -- "$workplace"' EXIT
recipe 'parallel --joblog' > four_calls.sh
bash four_calls.sh > /dev/null
# A heading, and a line for each call: its seventh column is the exit status.
[[ $(awk 'NR > 1 && $7 == 0' sweep.log | wc -l) == 4 ]]
expect_whole_sweep
echo "4 calls, 28 points: merged, the bytes of one sweep"
