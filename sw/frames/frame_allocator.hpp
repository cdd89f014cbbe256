// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"
#include "sw/frames/buddy_blocks.hpp"
#include "sw/frames/frame_use.hpp"
#include "sw/frames/watermarks.hpp"
#include "sw/statistics.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// Gives out the frames of one range, and knows what for. Frames that were never out take no room
/// on the host.
class FrameAllocator {
  public:
    /// At most `data_frame_limit` frames are out for data at a time, page tables apart; 0: all that
    /// there are, but for the reserve that the watermarks leave to page tables.
    FrameAllocator(FrameRange range, std::uint64_t data_frame_limit);

    /// 2^order frames that begin at a multiple of their number, with unknown contents; none when
    /// none may be given out.
    [[nodiscard]] std::optional<PhysicalPageNumber> allocate(FrameUse use, unsigned order = 0);

    /// Takes back a frame that was allocated for `use`, alone or among others.
    void release(PhysicalPageNumber frame, FrameUse use);

    /// Whether so many frames are free, and may be given out for `use`, next to each other or not.
    [[nodiscard]] bool has_room_for(FrameUse use, std::uint64_t count) const {
        return may_give(use, count) && blocks_.free_frames() >= count;
    }

    /// What is free of the block of 2^order frames that begins at `first` goes out for `use`,
    /// whatever is left for others; how many frames that are.
    std::uint64_t take_free_of(PhysicalPageNumber first, unsigned order, FrameUse use);

    /// A frame that is out for one thing is out for another from now on.
    void change_use(PhysicalPageNumber frame, FrameUse from, FrameUse to);

    [[nodiscard]] std::uint64_t free_frames_of(PhysicalPageNumber first, unsigned order) const {
        return blocks_.free_frames_of(first, order);
    }
    [[nodiscard]] const FrameRange& range() const { return range_; }

    /// How many frames are to be freed before there is no hurry any more; 0 while there is none.
    [[nodiscard]] std::uint64_t shortage() const;

    [[nodiscard]] FrameStatistics statistics() const;

    /// From now on `count` allocations, after the next `after`, find nothing, though there may be
    /// frames: to see what becomes of those who ask (Linux's fail_page_alloc).
    void fail_allocations(std::uint64_t after, std::uint64_t count);
    /// How many were tried since then.
    [[nodiscard]] std::uint64_t allocations_tried() const { return tried_; }
    /// Frames that were given out, and taken back.
    [[nodiscard]] std::uint64_t allocated() const { return allocated_; }
    [[nodiscard]] std::uint64_t released() const { return released_; }
    void reset_statistics();

  private:
    void count_taken(FrameUse use, std::uint64_t count);
    [[nodiscard]] bool fails_on_purpose();
    [[nodiscard]] bool may_give(FrameUse use, std::uint64_t count) const;
    void check_in_use(PhysicalPageNumber frame, FrameUse use) const;

    FrameRange range_;
    std::uint64_t data_frame_limit_;
    Watermarks watermarks_;
    BuddyBlocks blocks_;
    PerEnumerator<FrameUse, std::uint64_t> in_use_by_;
    std::uint64_t tried_ = 0;
    std::uint64_t first_failure_ = 0;
    std::uint64_t failures_ = 0;
    std::uint64_t allocated_ = 0;
    std::uint64_t released_ = 0;
};

}  // namespace mmusim::sw
