#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every relative link of every page leads to a file.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
broken=0
while IFS=: read -r page link; do
  target=${link#*](}
  target=${target%)}
  target=${target%%#*}
  if [[ -n $target && $target != *://* && ! -e $(dirname "$page")/$target ]]; then
    echo "$page: $target is not there"
    broken=$((broken + 1))
  fi
done < <(find . -name '*.md' -not -path './build*' -not -path '*/node_modules/*' -print0 | xargs -0 grep -oHE '\]\([^)]+\)')
(( broken == 0 )) && echo 'every link leads somewhere'
