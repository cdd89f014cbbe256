// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/buddy_blocks.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>

namespace mmusim::sw {

namespace {

constexpr std::uint64_t frames_of(unsigned order) {
    return std::uint64_t{1} << order;
}

// The largest block that begins at `first` and ends at `end` or before.
unsigned largest_order_at(std::uint64_t first, std::uint64_t end) {
    const auto by_alignment = static_cast<unsigned>(std::countr_zero(first));
    const unsigned by_length = static_cast<unsigned>(std::bit_width(end - first)) - 1;
    return std::min({by_alignment, by_length, BuddyBlocks::largest_order});
}

}  // namespace

BuddyBlocks::BuddyBlocks(FrameRange range)
    : range_(range),
      untouched_(range.first.value),
      free_(largest_order + 1),
      free_frames_(range.count) {}

std::optional<PhysicalPageNumber> BuddyBlocks::take(unsigned order) {
    const auto from = std::next(free_.begin(), order);
    const auto has_blocks = [](const auto& blocks) { return !blocks.empty(); };
    auto smallest = std::find_if(from, free_.end(), has_blocks);
    while (smallest == free_.end()) {
        if (untouched_ == end()) {
            return std::nullopt;
        }
        open_block();
        smallest = std::find_if(from, free_.end(), has_blocks);
    }
    const std::uint64_t first = *smallest->begin();
    smallest->erase(smallest->begin());
    auto split = static_cast<unsigned>(std::distance(free_.begin(), smallest));
    while (split > order) {
        --split;
        add(first + frames_of(split), split);
    }
    free_frames_ -= frames_of(order);
    return PhysicalPageNumber{first};
}

void BuddyBlocks::give_back(PhysicalPageNumber first, unsigned order) {
    if (!is_out(first.value, order)) {
        throw ModelError(fmt::format("a block of {} frames at {} is given back, and is not out",
                                     frames_of(order), first));
    }
    free_frames_ += frames_of(order);
    std::uint64_t block = first.value;
    while (order < largest_order) {
        const std::uint64_t buddy = block ^ frames_of(order);
        if (free_[order].erase(buddy) == 0) {
            break;
        }
        block = std::min(block, buddy);
        ++order;
    }
    add(block, order);
}

std::vector<std::uint64_t> BuddyBlocks::free_blocks() const {
    std::vector<std::uint64_t> counts;
    counts.reserve(free_.size());
    for (const std::set<std::uint64_t>& blocks : free_) {
        counts.push_back(blocks.size());
    }
    for (std::uint64_t first = untouched_; first < end();) {
        const unsigned order = largest_order_at(first, end());
        ++counts[order];
        first += frames_of(order);
    }
    return counts;
}

// Of the frames that nobody had yet, the next block.
void BuddyBlocks::open_block() {
    const unsigned order = largest_order_at(untouched_, end());
    add(untouched_, order);
    untouched_ += frames_of(order);
}

bool BuddyBlocks::is_out(std::uint64_t first, unsigned order) const {
    const bool aligned = order <= largest_order && first % frames_of(order) == 0;
    if (!aligned || first < range_.first.value || untouched_ < first + frames_of(order)) {
        return false;
    }
    for (unsigned larger = order; larger <= largest_order; ++larger) {
        if (free_[larger].contains(first / frames_of(larger) * frames_of(larger))) {
            return false;
        }
    }
    return true;
}

}  // namespace mmusim::sw
