// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"

#include <string>

namespace mmusim::tb {

/// Memory at the end of the run as Linux shows it: maps, smaps_rollup and statm of each process,
/// its page tables, /proc/vmstat, and `ipcs -m`. The first process has number 1.
[[nodiscard]] std::string proc_report(const RunResult& result, const Configuration& configuration);

}  // namespace mmusim::tb
