// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/frames/frame_allocator.hpp"

#include <set>
#include <vector>

namespace mmusim::sw {

/// Frames that the rest of the system has before the first program starts, one in each of a share
/// of memory's blocks, so that these are not free as a whole: external fragmentation.
class Obstacles {
  public:
    /// Of the blocks of 2^order frames that are free, `percent` in a hundred get an obstacle,
    /// rounded down and evenly spread, in their last frame. But for the obstacles themselves this
    /// is Linux's unusable free space index of that order (mm/vmstat.c, unusable_free_index): the
    /// share of free memory that cannot be had in blocks of that size.
    Obstacles(FrameAllocator& allocator, unsigned order, std::uint64_t percent, bool movable);

    [[nodiscard]] const std::set<PhysicalPageNumber>& frames() const { return frames_; }

    /// Whether an obstacle can go to another frame.
    [[nodiscard]] bool movable() const { return movable_; }

    void move(PhysicalPageNumber from, PhysicalPageNumber to) {
        frames_.erase(from);
        frames_.insert(to);
    }

  private:
    bool movable_;
    std::set<PhysicalPageNumber> frames_;
};

}  // namespace mmusim::sw
