// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace mmusim::tb {

struct Turns {
    std::uint64_t accesses_per_turn = 1'000'000;
    std::uint64_t limit = 0;  ///< of accesses in all; 0: none
};

/// Takes the accesses of several sources in turns, as processes that share a core, until all have
/// ended: `take(source, accesses)` for one batch after another. It returns whether to go on.
void take_in_turns(
    const std::vector<std::reference_wrapper<AccessSource>>& sources, const Turns& turns,
    const std::function<bool(std::size_t source, std::span<const Access> accesses)>& take);

}  // namespace mmusim::tb
