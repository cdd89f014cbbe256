// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// What one candidate costs, if that is known, and what it misses.
struct Candidate {
    std::optional<std::uint64_t> cost;
    std::uint64_t misses = 0;
};

/// Whether none of the others is better: costs as much or less and misses as much or less, and one
/// of the two is less. What has no cost is on no front, and makes nothing leave one.
[[nodiscard]] bool on_pareto_front(const Candidate& candidate,
                                   const std::vector<Candidate>& others);

}  // namespace mmusim::tb
