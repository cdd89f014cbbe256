// SPDX-License-Identifier: Apache-2.0
#include "hw/base/replacement.hpp"

#include <algorithm>
#include <iterator>

namespace mmusim::hw {

ReplacementState::ReplacementState(Replacement policy, std::size_t sets, std::size_t ways,
                                   std::uint64_t seed)
    : policy_(policy), ways_(ways), stamps_(sets * ways), random_(seed) {}

std::size_t ReplacementState::victim(std::size_t set) {
    if (policy_ == Replacement::random) {
        return random_.below(ways_);
    }
    const auto first = std::next(stamps_.begin(), static_cast<std::ptrdiff_t>(set * ways_));
    const auto last = std::next(first, static_cast<std::ptrdiff_t>(ways_));
    return static_cast<std::size_t>(std::distance(first, std::min_element(first, last)));
}

}  // namespace mmusim::hw
