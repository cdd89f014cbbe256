// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/backing/objects.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/pages/page_transfers.hpp"
#include "sw/pages/pages.hpp"
#include "sw/parameters.hpp"
#include "sw/reclaim/reclaimer.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// Reads a page from storage, and with it those around it that a program is likely to want. They
/// get frames as long as there are free ones, or clean pages leave for them: nothing is written,
/// and nobody waits.
class ReadAhead {
  public:
    struct Parts {
        Objects& objects;
        Pages& pages;
        PageTransfers& transfers;
        Reclaimer& reclaimer;
    };

    /// Who reads, and what it will do with the pages.
    struct Reader {
        ProcessId process;
        PageKind kind = PageKind::file;
    };

    ReadAhead(const OsParameters& parameters, const Parts& parts)
        : parameters_(parameters), parts_(parts) {}

    /// Reads the page of a file into a frame, just allocated, and what is missing of its window.
    void read(const ObjectPage& page, PhysicalPageNumber frame, AccessPattern pattern,
              const Reader& reader);

    /// Reads what is missing of pages [first, end) of a file, as far as there are frames at once;
    /// the requests.
    std::vector<IoTicket> read(ObjectId id, std::uint64_t first, std::uint64_t end,
                               const Reader& reader);

    /// Reads a slot of the swap area into a frame, just allocated, and those of its group that are
    /// nowhere in memory.
    void read(SwapSlot slot, PhysicalPageNumber frame, ProcessId reader);

    /// Reads a slot, with its group, if there is a frame at once; the requests.
    std::vector<IoTicket> read(SwapSlot slot, ProcessId reader);

  private:
    /// Frames to be filled from neighbouring pages of storage.
    struct Run {
        std::uint64_t first_page = 0;
        std::vector<PhysicalPageNumber> frames;

        [[nodiscard]] bool continued_by(std::uint64_t page) const {
            return !frames.empty() && first_page + frames.size() == page;
        }
    };

    std::vector<IoTicket> read_group(SwapSlot slot, PhysicalPageNumber frame, ProcessId reader);
    std::vector<IoTicket> submit(const std::vector<Run>& runs, StorageArea area,
                                 const Reader& reader);
    static void append(std::vector<Run>& runs, std::uint64_t page, PhysicalPageNumber frame);

    OsParameters parameters_;
    Parts parts_;
};

}  // namespace mmusim::sw
