#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh SECONDS : builds the fuzz targets and runs all at once for so long. A finding fails, and its
# input stays in build-fuzz/ with the name that is printed.
set -euo pipefail

seconds=${1:?'how many seconds for each target?'}

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

targets=(page_walk trace_readers walk_vectors workload_script)
directory=$(build_directory fuzz)
for target in "${targets[@]}"; do
  build fuzz "fuzz_$target"
done

running=()
for target in "${targets[@]}"; do
  found=$directory/corpus/$target
  mkdir -p "$found"
  printf '%s: %s seconds\n' "$target" "$seconds"
  # The seeds are only read: what is new goes into the first corpus that is named.
  "$directory/tests/fuzz/fuzz_$target" "$found" "$project_root/tests/fuzz/corpus/$target" \
    -max_total_time="$seconds" -timeout=10 -artifact_prefix="$directory/" -print_final_stats=1 \
    >"$directory/$target.log" 2>&1 &
  running+=($!)
done

failures=0
for index in "${!targets[@]}"; do
  wait "${running[index]}" || failures=$((failures + 1))
  tail -n 20 "$directory/${targets[index]}.log"
done
(( failures == 0 ))
