// SPDX-License-Identifier: Apache-2.0
// The operating system as the rest of the simulator sees it.
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "sw/faults/fault_handler.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/frames/cleared_frames.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/machine.hpp"
#include "sw/parameters.hpp"
#include "sw/processes/process.hpp"
#include "sw/spaces/asid_allocator.hpp"
#include "sw/spaces/fence_issuer.hpp"
#include "sw/spaces/page_table_editor.hpp"
#include "sw/spaces/region.hpp"
#include "sw/statistics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::sw {

/// Memory management for any number of processes on one hart. A ProcessId that it is given must be
/// one of its own that has not exited; all else is a ModelError.
class OperatingSystem {
  public:
    /// Manages the physical memory [base, base + size_bytes), whole frames, as far as a page-table
    /// entry of the paging mode can name it. Asks nothing of the machine yet.
    OperatingSystem(const OsParameters& parameters, const hw::PagingParameters& paging,
                    PhysicalAddress base, std::uint64_t size_bytes, Machine& machine);
    OperatingSystem(const OperatingSystem&) = delete;
    OperatingSystem& operator=(const OperatingSystem&) = delete;
    OperatingSystem(OperatingSystem&&) = delete;
    OperatingSystem& operator=(OperatingSystem&&) = delete;
    ~OperatingSystem() = default;

    /// A process with an empty address space, or with one region of the whole user half if
    /// `implicit_mapping` is on. None when there is no frame for its top page table.
    [[nodiscard]] std::optional<ProcessId> create_process(std::string name);

    /// Adds a region to the process's address space (see AddressSpace::map).
    void map(ProcessId id, const Region& region);

    /// The process's region that holds the address, if one does.
    [[nodiscard]] std::optional<Region> region_at(ProcessId id, VirtualAddress address) const;

    /// What the hart translates with during the process's turn. When the turn comes from another
    /// process, that counts as a context switch; its cost is left to the caller. Fences the TLBs if
    /// the process's ASID knew another address space before.
    [[nodiscard]] hw::TranslationContext switch_to(ProcessId id);

    /// Answers a page fault of the process whose turn it is. After a signal the process is still
    /// there: whether it exits is for the caller to say.
    FaultOutcome handle_fault(ProcessId id, const hw::PageFault& fault);

    /// Ends the process: fences its ASID and frees all its frames and page tables.
    void exit(ProcessId id);

    [[nodiscard]] OsStatistics statistics() const;
    [[nodiscard]] FaultStatistics fault_statistics() const;
    /// In the order of creation, those that have exited too. Accesses are not known here: 0.
    [[nodiscard]] std::vector<ProcessStatistics> process_statistics() const;

    /// Counters start again from zero; what describes a state (frames, resident pages, ASIDs,
    /// signals) stays.
    void reset_statistics();

  private:
    [[nodiscard]] Process& running(ProcessId id);
    void take_down(AddressSpace& space);
    void assign_asid(AddressSpace& space);

    OsParameters parameters_;
    hw::PagingParameters paging_;
    const hw::PagingFormat& format_;
    Machine& machine_;

    std::optional<PhysicalPageNumber> zero_frame_;
    FrameAllocator frames_;
    ClearedFrames cleared_frames_;
    FenceIssuer fences_;
    PageTableEditor page_tables_;
    FaultHandler fault_handler_;
    AsidAllocator asids_;

    std::vector<Process> processes_;
    std::optional<ProcessId> last_turn_;
    std::uint64_t context_switches_ = 0;
    std::uint64_t asid_rollovers_ = 0;
};

}  // namespace mmusim::sw
