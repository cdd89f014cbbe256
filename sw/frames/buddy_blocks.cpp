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

std::uint64_t BuddyBlocks::take_free_of(PhysicalPageNumber first, unsigned order) {
    const std::uint64_t block_end = first.value + frames_of(order);
    while (untouched_ < std::min(block_end, end())) {
        open_block();
    }
    std::uint64_t taken = 0;
    if (const std::optional<unsigned> larger = free_order_around(first.value, order)) {
        split_around(first.value, order, *larger);
        taken = frames_of(order);
    } else {
        for (unsigned smaller = 0; smaller < order; ++smaller) {
            std::set<std::uint64_t>& blocks = free_[smaller];
            const auto from = blocks.lower_bound(first.value);
            const auto to = blocks.lower_bound(block_end);
            taken += frames_of(smaller) * static_cast<std::uint64_t>(std::distance(from, to));
            blocks.erase(from, to);
        }
    }
    free_frames_ -= taken;
    return taken;
}

std::uint64_t BuddyBlocks::free_frames_of(PhysicalPageNumber first, unsigned order) const {
    if (free_order_around(first.value, order)) {
        return frames_of(order);
    }
    const std::uint64_t block_end = first.value + frames_of(order);
    const std::uint64_t untouched_from = std::max(untouched_, first.value);
    const std::uint64_t untouched_to = std::min(end(), block_end);
    std::uint64_t count = untouched_to - std::min(untouched_from, untouched_to);
    for (unsigned smaller = 0; smaller < order; ++smaller) {
        const std::set<std::uint64_t>& blocks = free_[smaller];
        count += frames_of(smaller) *
                 static_cast<std::uint64_t>(
                     std::distance(blocks.lower_bound(first.value), blocks.lower_bound(block_end)));
    }
    return count;
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

std::optional<unsigned> BuddyBlocks::free_order_around(std::uint64_t first, unsigned order) const {
    for (unsigned larger = order; larger <= largest_order; ++larger) {
        if (free_[larger].contains(first / frames_of(larger) * frames_of(larger))) {
            return larger;
        }
    }
    return std::nullopt;
}

// Of the free block of `from_order` that holds it, everything but the block stays free.
void BuddyBlocks::split_around(std::uint64_t first, unsigned order, unsigned from_order) {
    free_[from_order].erase(first / frames_of(from_order) * frames_of(from_order));
    for (unsigned half = order; half < from_order; ++half) {
        add((first / frames_of(half) ^ 1U) * frames_of(half), half);
    }
}

bool BuddyBlocks::is_out(std::uint64_t first, unsigned order) const {
    const bool aligned = order <= largest_order && first % frames_of(order) == 0;
    if (!aligned || first < range_.first.value || untouched_ < first + frames_of(order)) {
        return false;
    }
    return !free_order_around(first, order);
}

}  // namespace mmusim::sw
