// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/exploration.hpp"
#include "tb/explore/exploration_plan.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::string_view exploration_schema = "mmusim-exploration";

/// Raised when a name is removed or changes its meaning; new names do not raise it.
inline constexpr std::uint64_t exploration_schema_version = 1;

/// What was explored, and how.
struct ExploredWorkload {
    ExplorationPlan plan;
    bool page_sizes_asked_for = false;
    std::uint64_t accesses_per_turn = 0;
    std::uint64_t limit = 0;  ///< 0: none
    bool interrupted = false;
};

/// Every figure as JSON, with a newline at its end: `streams` are those of 4 KiB pages; where page
/// sizes were asked for, `by_page_size` has those of each. Names that are not UTF-8 are made so.
[[nodiscard]] std::string to_text(const Exploration& exploration, const ExploredWorkload& workload);

}  // namespace mmusim::tb
