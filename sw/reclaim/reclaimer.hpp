// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/frames/frame_supply.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/pages/page_transfers.hpp"
#include "sw/pages/pages.hpp"
#include "sw/parameters.hpp"
#include "sw/reclaim/compactor.hpp"
#include "sw/reclaim/replacement_lists.hpp"
#include "sw/replacement/page_future.hpp"
#include "sw/statistics.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// What may become of other pages where free frames are not next to each other.
enum class PagesMay : std::uint8_t { stay, move };

/// Gives out frames, and where there is none makes a page leave memory. A clean page's frame is
/// there at once; a dirty page is written first, and who wants its frame has to wait.
class Reclaimer final : public FrameSupply, private PagesInMemory {
  public:
    struct Parts {
        FrameAllocator& allocator;
        FrameTable& frames;
        Processes& processes;
        Objects& objects;
        SwapArea& swap;
        Pages& pages;
        PageTransfers& transfers;
        ReplacementLists& replacement;
        Compactor& compactor;
        Machine& machine;
        /// For the optimal page replacement, which needs it.
        const PageFuture* future;
    };

    Reclaimer(const OsParameters& parameters, const Parts& parts);

    /// From now on frames are wanted by this process.
    void work_for(ProcessId process) { working_for_ = process; }

    [[nodiscard]] FrameGrant take(FrameUse use) override;
    [[nodiscard]] FrameGrant take_cleared(FrameUse use) override;

    /// A frame that is free, or whose page is clean; none if somebody would have to wait for it.
    [[nodiscard]] std::optional<PhysicalPageNumber> take_at_once(FrameUse use);

    /// Frames next to each other and free for a huge page full of zeros; none if there are none: no
    /// page leaves for them. Pages may move for them if that is said.
    [[nodiscard]] std::optional<PhysicalPageNumber> take_cleared_block(std::uint64_t frames,
                                                                       PagesMay pages_may);

    /// The frame holds a page that may leave from now on.
    void loaded(PhysicalPageNumber frame, PageKind kind) {
        parts_.replacement.loaded(frame, kind, working_for_);
    }

    /// Makes pages leave, as long as fewer frames are free than the watermarks ask for. Waits for
    /// nothing.
    void balance();

    /// Makes one page leave, which may leave; the request that writes it, if it has to be written.
    std::optional<IoTicket> evict(PhysicalPageNumber number);
    [[nodiscard]] bool may_leave(PhysicalPageNumber number) override;

    /// A tick of the clock that the counting policies look at A bits by.
    void tick() { parts_.replacement.tick(*this); }

    [[nodiscard]] const EvictionStatistics& evictions() const { return evictions_; }
    /// How often it was asked of a page whether it may leave.
    [[nodiscard]] std::uint64_t scanned() const { return scanned_; }
    void reset_statistics();

  private:
    [[nodiscard]] std::uint64_t take_accessed(PhysicalPageNumber number) override;
    [[nodiscard]] bool dirty(PhysicalPageNumber number) override;
    [[nodiscard]] std::optional<std::uint64_t> next_access(PhysicalPageNumber number) override;

    [[nodiscard]] bool needs_writing(PhysicalPageNumber number);
    [[nodiscard]] bool locked(const Frame& frame) const;
    void give_swap_slot(PhysicalPageNumber number);

    OsParameters parameters_;
    Parts parts_;
    ProcessId working_for_;
    EvictionStatistics evictions_;
    std::uint64_t scanned_ = 0;
};

}  // namespace mmusim::sw
