// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "sw/backing/objects.hpp"
#include "sw/calls/call_error.hpp"
#include "sw/faults/fault_handler.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/pages/page_transfers.hpp"
#include "sw/pages/pages.hpp"
#include "sw/pages/read_ahead.hpp"
#include "sw/processes/process.hpp"
#include "sw/reclaim/reclaimer.hpp"
#include "sw/spaces/page_table_editor.hpp"
#include "sw/spaces/region_map.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// What system calls do page by page. Each waits for the storage that it needs, nobody running.
class PageCalls {
  public:
    struct Parts {
        Objects& objects;
        FrameTable& frames;
        PageTableEditor& page_tables;
        Pages& pages;
        PageTransfers& transfers;
        ReadAhead& read_ahead;
        Reclaimer& reclaimer;
        FaultHandler& faults;
        ExplicitHugePages& huge_pages;
    };

    explicit PageCalls(const Parts& parts) : parts_(parts) {}

    /// Brings the pages of a region in as its program would by touching them (MAP_POPULATE,
    /// mlock(2)): private pages that may be written are copied at once. Stops where a touch would
    /// end in a signal. What was copied: nothing, or the pages from the region's start to there.
    [[nodiscard]] PageSpan populate(Process& process, const Region& region);

    /// The slot for a page, whatever has to leave for its tables; none without frames.
    [[nodiscard]] std::optional<EntrySlot> slot_for(Process& process, VirtualAddress address,
                                                    unsigned level = 0);
    /// A cleared page table, whatever has to leave for it; none without frames.
    [[nodiscard]] std::optional<PhysicalPageNumber> spare_table();

    /// Changes what the regions of the span are. No huge page reaches from one into the next.
    void change_regions(Process& process, PageSpan span, const std::function<void(Region&)>& how);
    /// Splits the huge pages that reach into the span.
    void split_all(Process& process, PageSpan span);

    void drop_pages(Process& process, PageSpan span);
    /// MADV_FREE: the pages of its own can go, until they are written.
    void let_go(Process& process, PageSpan span);
    /// MADV_PAGEOUT: all pages leave that nobody else maps.
    void page_out(Process& process, PageSpan span);
    /// MADV_WILLNEED: what storage has of the region is read.
    void read_in(Process& process, const Region& region);

    /// Writes the dirty pages [first, end) of a file, and asks to be told of the next write to
    /// each. EIO: storage did not take one.
    [[nodiscard]] std::optional<CallError> write_back(ObjectId file, std::uint64_t first,
                                                      std::uint64_t end);
    /// Writes, and then lets all pages of the file go that nobody maps.
    [[nodiscard]] std::optional<CallError> drop(ObjectId file);
    /// Reads the whole file, as far as there are frames.
    void warm(ObjectId file);

  private:
    /// Those that lie partly in the span.
    void split_at_ends(Process& process, PageSpan span);
    [[nodiscard]] bool touch(Process& process, VirtualAddress address, AccessType type);
    [[nodiscard]] bool needs_touch(const Process& process, VirtualAddress address, AccessType type);
    void wait_for_all(const std::vector<IoTicket>& tickets);
    [[nodiscard]] std::vector<PhysicalPageNumber> own_frames(const Process& process, PageSpan span);

    Parts parts_;
};

}  // namespace mmusim::sw
