// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/paging/translation.hpp"
#include "sw/backing/objects.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/machine.hpp"
#include "sw/pages/page_transfers.hpp"
#include "sw/pages/pages.hpp"
#include "sw/pages/read_ahead.hpp"
#include "sw/parameters.hpp"
#include "sw/processes/process.hpp"
#include "sw/reclaim/reclaimer.hpp"
#include "sw/spaces/page_table_editor.hpp"

#include <optional>

namespace mmusim::sw {

/// Answers page faults by Linux's rules (mm/memory.c). What it decides is straight-line code; each
/// phase asks the machine for its time. A fault that needs storage, or a frame that has to be
/// written first, ends early and is handled again from the start when that is done.
class FaultHandler {
  public:
    struct Parts {
        Pages& pages;
        PageTableEditor& page_tables;
        PageTransfers& transfers;
        ReadAhead& read_ahead;
        Reclaimer& reclaimer;
        Objects& objects;
        ExplicitHugePages& huge_pages;
        Machine& machine;
    };

    FaultHandler(const OsParameters& parameters, const Parts& parts);

    /// Afterwards the access is permitted, or a signal says why not, or the process waits for
    /// storage: then the same fault is to be handled again when the request is done.
    [[nodiscard]] FaultProgress handle(Process& process, const hw::PageFault& fault);

    /// The same without the trap and the return: for system calls that touch pages.
    [[nodiscard]] FaultProgress resolve(Process& process, const hw::PageFault& fault);

    /// The process does not wait any more: what it waited for may leave memory again.
    void stop_waiting(Process& process);

    [[nodiscard]] const HugePageStatistics& huge_pages() const { return huge_pages_; }
    void reset_statistics() { huge_pages_ = {}; }

  private:
    struct Request;

    [[nodiscard]] FaultProgress find_out(Process& process, const hw::PageFault& fault);
    [[nodiscard]] std::optional<Region> region_for(AddressSpace& space,
                                                   VirtualAddress address) const;
    [[nodiscard]] FaultProgress explicit_huge_fault(Process& process, const Region& region,
                                                    const hw::PageFault& fault);
    [[nodiscard]] FaultProgress make_present(const Request& request);

    [[nodiscard]] FaultProgress absent_anonymous(const Request& request);
    void map_new_page(const Request& request, PhysicalPageNumber number);

    [[nodiscard]] FaultProgress absent_object_page(const Request& request);
    [[nodiscard]] bool map_around(const Request& request);
    [[nodiscard]] FaultProgress write_object_page(const Request& request,
                                                  PhysicalPageNumber number);
    [[nodiscard]] FaultProgress new_shared_memory_page(const Request& request);
    [[nodiscard]] FaultProgress read_shared_memory(const Request& request, SwapSlot slot);
    [[nodiscard]] FaultProgress read_file(const Request& request);

    [[nodiscard]] FaultProgress from_swap(const Request& request, const Swapped& swapped);
    [[nodiscard]] FaultProgress read_swap(const Request& request, SwapSlot slot);
    [[nodiscard]] FaultProgress map_from_swap(const Request& request, const Swapped& swapped,
                                              PhysicalPageNumber number);

    [[nodiscard]] bool may_be_huge(const Region& region, VirtualAddress address) const;
    [[nodiscard]] bool may_compact(const Region& region) const;
    [[nodiscard]] VirtualAddress huge_page_start(VirtualAddress address) const;
    [[nodiscard]] std::optional<FaultProgress> huge_fault(Process& process, const Region& region,
                                                          const hw::PageFault& fault);
    [[nodiscard]] bool map_huge_page(const Request& request);
    [[nodiscard]] FaultProgress write_to_huge(const Request& request);

    [[nodiscard]] FaultProgress present(const Request& request, PhysicalPageNumber number);
    [[nodiscard]] FaultProgress write_to_present(const Request& request, PhysicalPageNumber number);
    [[nodiscard]] FaultProgress replace_zero_page(const Request& request);
    [[nodiscard]] FaultProgress copy(const Request& request, PhysicalPageNumber original);
    [[nodiscard]] FaultProgress refresh(const Request& request);

    [[nodiscard]] Request looked_up_again(const Request& request);
    [[nodiscard]] FaultProgress out_of_frames(Process& process,
                                              const FrameShortage& shortage) const;
    [[nodiscard]] FaultProgress wait_for_page(const Request& request, PhysicalPageNumber number,
                                              std::optional<FaultKind> kind);
    static void wait(Process& process, PendingFault pending);
    [[nodiscard]] static FaultOutcome ended_as(const Request& request, FaultKind kind);

    OsParameters parameters_;
    Parts parts_;
    HugePageStatistics huge_pages_;
};

}  // namespace mmusim::sw
