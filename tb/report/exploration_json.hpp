// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/exploration.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

inline constexpr std::string_view exploration_schema = "mmusim-exploration";

/// Raised when a name is removed or changes its meaning; new names do not raise it.
inline constexpr std::uint64_t exploration_schema_version = 1;

/// What was explored, and how.
struct ExploredWorkload {
    std::vector<std::string> traces;  ///< as the command line names them
    std::uint64_t accesses_per_turn = 0;
    std::uint64_t limit = 0;  ///< 0: none
    bool interrupted = false;
};

/// Every figure as JSON, with a newline at its end. Names that are not UTF-8 are made so.
[[nodiscard]] std::string to_text(const Exploration& exploration, const ExploredWorkload& workload);

}  // namespace mmusim::tb
