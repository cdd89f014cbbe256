// SPDX-License-Identifier: Apache-2.0
// The parts of the text report. Each is some whole lines, or nothing where there is nothing to say.
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"

#include <cstddef>
#include <string>

namespace mmusim::tb {

/// No line of the report is longer, so that it fits a terminal and a page.
inline constexpr std::size_t report_columns = 100;

/// Of a longer name of a TLB or a cache the end is shown.
inline constexpr std::size_t longest_part_name = 14;

/// How long the translations took, by what answered them.
[[nodiscard]] std::string latency_section(const RunResult& result);

/// Which stages the cycles of all latencies went to.
[[nodiscard]] std::string breakdown_section(const RunResult& result);

[[nodiscard]] std::string tlb_section(const RunResult& result);
[[nodiscard]] std::string walker_section(const RunResult& result,
                                         const Configuration& configuration);
[[nodiscard]] std::string cache_section(const RunResult& result);
[[nodiscard]] std::string memory_section(const RunResult& result,
                                         const Configuration& configuration);

/// Page faults by what they cost and by what they were.
[[nodiscard]] std::string fault_section(const RunResult& result);
[[nodiscard]] std::string fault_kind_section(const RunResult& result);
[[nodiscard]] std::string frame_section(const RunResult& result);
[[nodiscard]] std::string os_section(const RunResult& result);
/// Empty without a script.
[[nodiscard]] std::string step_section(const RunResult& result);
[[nodiscard]] std::string process_section(const RunResult& result);

/// What the run would cost with one part ideal; empty unless it was asked.
[[nodiscard]] std::string what_if_section(const RunResult& result);

/// How the run went from entry to entry; of many entries, some at even distances.
[[nodiscard]] std::string timeline_section(const RunResult& result);

/// How the working sets fitted into memory, entry by entry; empty where nobody waited for storage.
[[nodiscard]] std::string pressure_section(const RunResult& result);
/// Empty unless an interval was one of thrashing.
[[nodiscard]] std::string thrashing_section(const RunResult& result);

}  // namespace mmusim::tb
