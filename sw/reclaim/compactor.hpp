// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/frames/obstacles.hpp"
#include "sw/machine.hpp"
#include "sw/pages/pages.hpp"
#include "sw/parameters.hpp"
#include "sw/reclaim/compaction_deferral.hpp"
#include "sw/statistics.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// Makes a block of free frames where enough are free, but not next to each other: the pages of the
/// block that is the cheapest to empty move to other frames (Linux's mm/compaction.c). All who map
/// a page see it at its new place afterwards. It waits for nothing, and no page leaves memory.
class Compactor {
  public:
    struct Parts {
        FrameAllocator& allocator;
        FrameTable& frames;
        Obstacles& obstacles;
        Pages& pages;
        Machine& machine;
    };

    Compactor(const OsParameters& parameters, const Parts& parts)
        : parameters_(parameters), parts_(parts) {}

    /// The first frame of an emptied block of 2^order frames, which is out for anonymous memory;
    /// none where too few frames are free, where no block can be emptied, and for a while after
    /// that.
    [[nodiscard]] std::optional<PhysicalPageNumber> make_block(unsigned order);

    [[nodiscard]] const CompactionStatistics& statistics() const { return statistics_; }
    void reset_statistics() { statistics_ = {}; }

  private:
    /// A block, and how many frames of it would have to move.
    struct Candidate {
        PhysicalPageNumber first;
        std::uint64_t moves = 0;
    };

    [[nodiscard]] std::optional<PhysicalPageNumber> cheapest_block(unsigned order) const;
    [[nodiscard]] std::vector<Candidate> candidates(unsigned order) const;
    [[nodiscard]] bool can_be_emptied(const Candidate& candidate, unsigned order) const;
    [[nodiscard]] static bool movable(const Frame& frame);
    void empty(PhysicalPageNumber block, unsigned order);
    void move(PhysicalPageNumber from, FrameUse use);

    OsParameters parameters_;
    Parts parts_;
    CompactionDeferral deferral_;
    CompactionStatistics statistics_;
};

}  // namespace mmusim::sw
