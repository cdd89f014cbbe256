// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/backing/objects.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/machine.hpp"
#include "sw/pages/pages.hpp"
#include "sw/processes/processes.hpp"
#include "sw/reclaim/replacement_lists.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace mmusim::sw {

/// Pages that went over.
struct StorageTraffic {
    std::uint64_t file_reads = 0;
    std::uint64_t file_writes = 0;
    std::uint64_t swap_reads = 0;
    std::uint64_t swap_writes = 0;
};

/// Pages on their way between memory and storage.
class PageTransfers {
  public:
    struct Parts {
        Pages& pages;
        FrameTable& frames;
        Processes& processes;
        Objects& objects;
        ReplacementLists& replacement;
        Machine& machine;
    };

    explicit PageTransfers(const Parts& parts) : parts_(parts) {}

    /// Reads pages of a file, or of swap, into frames that hold them already by name. They were
    /// wanted by `reader`, to be used as `kind`.
    [[nodiscard]] IoTicket read(StorageArea area, std::uint64_t first_page,
                                std::vector<PhysicalPageNumber> frames, ProcessId reader,
                                PageKind kind);

    /// Writes one page to where it belongs: to its file, or to its slot.
    [[nodiscard]] IoTicket write_back(PhysicalPageNumber number);

    /// Takes in what storage has come to the end of.
    void settle();

    [[nodiscard]] bool under_way(IoTicket ticket) const { return under_way_.contains(ticket); }
    /// Lets time pass, nobody running, until the request is done.
    void wait_for(IoTicket ticket);
    /// The request to write that was begun first, if any is under way.
    [[nodiscard]] std::optional<IoTicket> oldest_write() const;
    /// Whether a request to write failed that has come to its end; asked once.
    [[nodiscard]] bool take_failure(IoTicket ticket) { return failed_.erase(ticket) > 0; }

    [[nodiscard]] const StorageTraffic& traffic() const { return traffic_; }
    void reset_statistics() { traffic_ = {}; }

  private:
    struct Request {
        StorageTransfer transfer;
        ProcessId reader;
        PageKind kind = PageKind::anonymous;
    };

    IoTicket begin(Request request);
    void finish(const IoCompletion& completion);
    void arrived(const Request& request);
    void never_arrives(IoTicket ticket, const Request& request);
    void written(PhysicalPageNumber number, StorageResult result);
    void count(const StorageTransfer& transfer);

    Parts parts_;
    std::map<IoTicket, Request> under_way_;
    std::set<IoTicket> failed_;
    StorageTraffic traffic_;
};

}  // namespace mmusim::sw
