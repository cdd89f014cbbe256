// SPDX-License-Identifier: Apache-2.0
#include "hw/base/replacement.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace mmusim::hw {

namespace {

// A tree's root is node 1, and the halves of node n are nodes 2n and 2n + 1.
constexpr std::size_t root = 1;

constexpr std::uint8_t near = 0;  // a prediction: used again soon
constexpr std::uint8_t after_a_fill = 2;
constexpr std::uint8_t distant = 3;  // used again late, if at all

[[nodiscard]] bool keeps_stamps(Replacement policy) {
    return policy == Replacement::lru || policy == Replacement::lfu || policy == Replacement::fifo;
}

[[nodiscard]] bool keeps_marks(Replacement policy) {
    return !keeps_stamps(policy) && policy != Replacement::random;
}

}  // namespace

ReplacementState::ReplacementState(Replacement policy, std::size_t sets, std::size_t ways,
                                   std::uint64_t seed)
    : policy_(policy),
      keeps_uses_(keeps_marks(policy) || policy == Replacement::lfu),
      ways_(ways),
      tree_levels_(static_cast<unsigned>(std::bit_width(ways - 1))),
      stamps_(keeps_stamps(policy) ? sets * ways : 0),
      marks_per_set_(policy == Replacement::tree_plru ? std::bit_ceil(ways) : ways),
      marks_(keeps_marks(policy) ? sets * marks_per_set_ : 0,
             policy == Replacement::srrip ? distant : std::uint8_t{0}),
      random_(seed) {}

void ReplacementState::filled(std::size_t set, std::size_t way, FillUse use) {
    if (policy_ == Replacement::fifo) {
        stamp(set, way);
    } else if (policy_ == Replacement::srrip) {
        marks_of(set)[way] = after_a_fill;
    } else if (policy_ == Replacement::lfu) {
        stamps_[set * ways_ + way] = use == FillUse::is_a_use ? 1 : 0;
    } else if (use == FillUse::is_a_use) {
        used(set, way);
    }
}

std::size_t ReplacementState::victim(std::size_t set) {
    switch (policy_) {
        case Replacement::lru:
        case Replacement::lfu:
        case Replacement::fifo: return way_of_lowest_stamp(set);
        case Replacement::tree_plru: return way_at_the_end_of_the_path(set);
        case Replacement::bit_plru:
        case Replacement::nru: return lowest_clear_way(set);
        case Replacement::srrip: return lowest_distant_way(set);
        case Replacement::random: break;
    }
    return random_.below(ways_);
}

void ReplacementState::keep_use(std::size_t set, std::size_t way) {
    if (policy_ == Replacement::tree_plru) {
        point_away_from(set, way);
    } else if (policy_ == Replacement::srrip) {
        marks_of(set)[way] = near;
    } else if (policy_ == Replacement::lfu) {
        ++stamps_[set * ways_ + way];
    } else {
        set_bit(set, way);
    }
}

void ReplacementState::point_away_from(std::size_t set, std::size_t way) {
    std::uint8_t* const nodes = marks_of(set);
    std::size_t node = root;
    for (unsigned level = tree_levels_; level-- > 0;) {
        const std::size_t upper = way >> level & 1U;
        nodes[node] = static_cast<std::uint8_t>(1U - upper);
        node = 2 * node + upper;
    }
}

void ReplacementState::set_bit(std::size_t set, std::size_t way) {
    std::uint8_t* const bits = marks_of(set);
    if (bits[way] != 0) {
        return;
    }
    bits[way] = 1;
    std::uint8_t* const end = std::next(bits, static_cast<std::ptrdiff_t>(ways_));
    if (std::find(bits, end, 0) != end) {
        return;
    }
    std::fill(bits, end, std::uint8_t{0});
    bits[way] = policy_ == Replacement::bit_plru ? 1 : 0;
}

std::size_t ReplacementState::way_of_lowest_stamp(std::size_t set) const {
    const auto first = std::next(stamps_.begin(), static_cast<std::ptrdiff_t>(set * ways_));
    const auto last = std::next(first, static_cast<std::ptrdiff_t>(ways_));
    return static_cast<std::size_t>(std::distance(first, std::min_element(first, last)));
}

std::size_t ReplacementState::way_at_the_end_of_the_path(std::size_t set) {
    const std::uint8_t* const nodes = marks_of(set);
    std::size_t node = root;
    std::size_t way = 0;
    for (unsigned level = tree_levels_; level-- > 0;) {
        const std::size_t first_of_upper = way + (std::size_t{1} << level);
        const bool upper = nodes[node] != 0 && first_of_upper < ways_;
        way = upper ? first_of_upper : way;
        node = 2 * node + (upper ? 1 : 0);
    }
    return way;
}

// A single way's bit is never clear under bit_plru; it is the victim all the same.
std::size_t ReplacementState::lowest_clear_way(std::size_t set) {
    const std::uint8_t* const bits = marks_of(set);
    const std::uint8_t* const end = std::next(bits, static_cast<std::ptrdiff_t>(ways_));
    const std::uint8_t* const clear = std::find(bits, end, 0);
    return clear == end ? 0 : static_cast<std::size_t>(std::distance(bits, clear));
}

std::size_t ReplacementState::lowest_distant_way(std::size_t set) {
    std::uint8_t* const predictions = marks_of(set);
    std::uint8_t* const end = std::next(predictions, static_cast<std::ptrdiff_t>(ways_));
    std::uint8_t* const farthest = std::max_element(predictions, end);
    const auto missing = static_cast<std::uint8_t>(distant - *farthest);
    std::for_each(predictions, end, [missing](std::uint8_t& each) {
        each = static_cast<std::uint8_t>(each + missing);
    });
    return static_cast<std::size_t>(std::distance(predictions, farthest));
}

}  // namespace mmusim::hw
