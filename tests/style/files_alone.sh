#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every file of the program compiles by itself: where files are joined, one may live on what another
# includes.
set -euo pipefail

# shellcheck source=tb/setup/set_up.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tb/setup/set_up.sh"

build dev mmusim
