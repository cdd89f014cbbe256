#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The bugs are numbered from 1 to 32, and each has exactly one test.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
found=$(grep -ohP '"published bug \K[0-9]+(?=: )' ./*_test.cpp | sort -n)
if ! difference=$(diff <(seq 1 32) <(printf '%s\n' "$found")); then
  printf 'expected one test for each number (<), found (>):\n%s\n' "$difference"
  exit 1
fi
echo 'every number from 1 to 32 has one test'
