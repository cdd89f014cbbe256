// SPDX-License-Identifier: Apache-2.0
#include "sw/reclaim/compactor.hpp"

#include "hw/base/problems.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace mmusim::sw {

std::optional<PhysicalPageNumber> Compactor::make_block(unsigned order) {
    const std::uint64_t frames = std::uint64_t{1} << order;
    if (!parts_.allocator.has_room_for(FrameUse::anonymous, frames) || !deferral_.is_time()) {
        return std::nullopt;
    }
    ++statistics_.stall;
    parts_.machine.spend(Stage::fault_allocate, parameters_.compaction_cycles);
    const std::optional<PhysicalPageNumber> block = cheapest_block(order);
    if (!block) {
        ++statistics_.fail;
        deferral_.failed();
        return std::nullopt;
    }
    empty(*block, order);
    ++statistics_.success;
    deferral_.succeeded();
    return block;
}

// Of equals, the lowest.
std::optional<PhysicalPageNumber> Compactor::cheapest_block(unsigned order) const {
    std::vector<Candidate> blocks = candidates(order);
    std::sort(blocks.begin(), blocks.end(), [](const Candidate& left, const Candidate& right) {
        return std::tie(left.moves, left.first) < std::tie(right.moves, right.first);
    });
    const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const Candidate& block) {
        return can_be_emptied(block, order);
    });
    return found == blocks.end() ? std::nullopt : std::optional(found->first);
}

// The blocks that hold something that moves.
std::vector<Compactor::Candidate> Compactor::candidates(unsigned order) const {
    const std::uint64_t frames = std::uint64_t{1} << order;
    std::map<PhysicalPageNumber, std::uint64_t> moves = parts_.frames.in_blocks();
    if (parts_.obstacles.movable()) {
        for (const PhysicalPageNumber obstacle : parts_.obstacles.frames()) {
            ++moves[PhysicalPageNumber{obstacle.value / frames * frames}];
        }
    }
    std::vector<Candidate> blocks;
    blocks.reserve(moves.size());
    for (const auto& [first, count] : moves) {
        blocks.push_back({.first = first, .moves = count});
    }
    return blocks;
}

// What neither is free nor moves is a page table, or is not the operating system's.
bool Compactor::can_be_emptied(const Candidate& candidate, unsigned order) const {
    const std::uint64_t frames = std::uint64_t{1} << order;
    if (candidate.moves + parts_.allocator.free_frames_of(candidate.first, order) != frames) {
        return false;
    }
    for (std::uint64_t index = 0; index < frames; ++index) {
        const PhysicalPageNumber frame = candidate.first + index;
        if (parts_.frames.contains(frame) && !movable(parts_.frames[frame])) {
            return false;
        }
    }
    return true;
}

// Locked pages move too: they are to stay in memory, not in their frames (Linux's
// vm.compact_unevictable_allowed, on by default).
bool Compactor::movable(const Frame& frame) {
    return !frame.io && frame.pins == 0 && !frame.huge_page;
}

void Compactor::empty(PhysicalPageNumber block, unsigned order) {
    parts_.allocator.take_free_of(block, order, FrameUse::anonymous);
    for (std::uint64_t index = 0; index < std::uint64_t{1} << order; ++index) {
        const PhysicalPageNumber frame = block + index;
        if (parts_.frames.contains(frame)) {
            move(frame, parts_.frames[frame].use());
        } else if (parts_.obstacles.frames().contains(frame)) {
            move(frame, FrameUse::others);
        }
    }
}

// To any other frame: as many are free as are wanted. Nobody runs until it is done.
void Compactor::move(PhysicalPageNumber from, FrameUse use) {
    parts_.machine.spend(Stage::fault_allocate, parameters_.frame_allocation_cycles);
    const std::optional<PhysicalPageNumber> to = parts_.allocator.allocate(use);
    if (!to) {
        throw ModelError("compaction: there is no frame for a page, though as many were free");
    }
    if (use == FrameUse::others) {
        parts_.obstacles.move(from, *to);
    } else {
        parts_.pages.migrate(from, *to);
    }
    parts_.machine.spend(Stage::fault_copy, parameters_.frame_copy_cycles);
    parts_.machine.copy_frame(from, *to);
    parts_.allocator.change_use(from, use, FrameUse::anonymous);
    ++statistics_.pages_moved;
}

}  // namespace mmusim::sw
