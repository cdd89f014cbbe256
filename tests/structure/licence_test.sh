#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every source file names its licence in its first lines.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
unnamed=$(find hw sw tb tests waves \( -name '*.?pp' -o -name '*.sh' -o -name 'CMakeLists.txt' \
            -o -name '*.cmake' -o -name '*.css' -o -name '*.js' \) \
            -not -path '*/node_modules/*' -print0 |
          xargs -0 grep -L -m 1 'SPDX-License-Identifier: Apache-2.0' || true)
if [[ -n $unnamed ]]; then
  printf 'no licence line in:\n%s\n' "$unnamed"
  exit 1
fi
echo 'every source file names its licence'
