// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/lru_geometries.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace mmusim::tb {

namespace {

// No page has this key.
constexpr std::uint64_t empty = std::numeric_limits<std::uint64_t>::max();

}  // namespace

LruGeometries::LruGeometries() {
    Stack nothing{};
    nothing.fill(empty);
    for (std::size_t set_bits = 0; set_bits < set_counts; ++set_bits) {
        stacks_[set_bits].assign(std::size_t{1} << set_bits, nothing);
    }
}

// The page on top of a set is on top with more sets too, where its set is a part of that one.
void LruGeometries::look_up(ProcessPage page, std::optional<std::uint64_t> distance) {
    ++lookups_;
    const std::uint64_t key = page.key();
    for (std::size_t set_bits = 0; set_bits < set_counts; ++set_bits) {
        std::vector<Stack>& sets = stacks_[set_bits];
        Stack& stack = sets[page.number % sets.size()];
        if (stack.front() == key) {
            ++first_on_top_[set_bits];
            return;
        }
        auto* const place = std::find(stack.begin(), stack.end(), key);
        if (place != stack.end()) {
            ++found_[set_bits][static_cast<std::size_t>(place - stack.begin())];
        }
        if (distance) {
            count_conflicts(set_bits, static_cast<std::size_t>(place - stack.begin()), *distance);
        }
        auto* const last = place == stack.end() ? std::prev(place) : place;
        std::move_backward(stack.begin(), last, last + 1);
        stack.front() = key;
    }
}

std::uint64_t LruGeometries::misses(std::size_t set_bits, std::size_t ways) const {
    const auto* const first = first_on_top_.begin();
    const std::uint64_t on_top =
        std::accumulate(first, first + static_cast<std::ptrdiff_t>(set_bits) + 1, std::uint64_t{0});
    const auto& found = found_.at(set_bits);
    const std::uint64_t below = std::accumulate(
        found.begin(), found.begin() + static_cast<std::ptrdiff_t>(ways), std::uint64_t{0});
    return lookups_ - on_top - below;
}

std::uint64_t LruGeometries::conflicts(std::size_t set_bits, std::size_t ways) const {
    const auto& changes = conflict_changes_.at(set_bits);
    return std::accumulate(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(ways) + 1,
                           std::uint64_t{0});
}

// Missed with as many ways as the place, or fewer; held by all sets together from more entries than
// the distance on.
void LruGeometries::count_conflicts(std::size_t set_bits, std::size_t place,
                                    std::uint64_t distance) {
    const std::uint64_t fewest_ways = (distance >> set_bits) + 1;
    if (fewest_ways <= place) {
        ++conflict_changes_[set_bits][fewest_ways];
        --conflict_changes_[set_bits][place + 1];
    }
}

}  // namespace mmusim::tb
