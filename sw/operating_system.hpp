// SPDX-License-Identifier: Apache-2.0
// The operating system as the rest of the simulator sees it.
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "sw/backing/objects.hpp"
#include "sw/backing/swap_area.hpp"
#include "sw/calls/address_space_copy.hpp"
#include "sw/calls/page_calls.hpp"
#include "sw/calls/system_calls.hpp"
#include "sw/faults/fault_handler.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/frames/obstacles.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/hugetlb/huge_page_pools.hpp"
#include "sw/machine.hpp"
#include "sw/pages/page_transfers.hpp"
#include "sw/pages/pages.hpp"
#include "sw/pages/read_ahead.hpp"
#include "sw/parameters.hpp"
#include "sw/processes/memory_statistics.hpp"
#include "sw/processes/memory_survey.hpp"
#include "sw/processes/processes.hpp"
#include "sw/reclaim/compactor.hpp"
#include "sw/reclaim/reclaimer.hpp"
#include "sw/reclaim/replacement_lists.hpp"
#include "sw/replacement/page_future.hpp"
#include "sw/spaces/asid_allocator.hpp"
#include "sw/spaces/fence_issuer.hpp"
#include "sw/spaces/page_table_editor.hpp"
#include "sw/statistics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::sw {

/// Memory management for any number of processes on one hart. A ProcessId that it is given must be
/// one of its own that has not exited; all else is a ModelError.
class OperatingSystem {
  public:
    /// Manages the physical memory [base, base + size_bytes), whole frames, as far as a page-table
    /// entry of the paging mode can name it. Asks nothing of the machine yet. `future` is for the
    /// optimal page replacement only, which needs it, and outlives the operating system. Throws
    /// InputError where memory has no room for the huge pages that are to be kept apart.
    OperatingSystem(const OsParameters& parameters, const hw::PagingParameters& paging,
                    PhysicalAddress base, std::uint64_t size_bytes, Machine& machine,
                    const PageFuture* future = nullptr);
    OperatingSystem(const OperatingSystem&) = delete;
    OperatingSystem& operator=(const OperatingSystem&) = delete;
    OperatingSystem(OperatingSystem&&) = delete;
    OperatingSystem& operator=(OperatingSystem&&) = delete;
    ~OperatingSystem() = default;

    /// A process with an empty address space, or with one region of the whole user half if
    /// `implicit_mapping` is on. None when there is no frame for its top page table.
    [[nodiscard]] std::optional<ProcessId> create_process(std::string name);

    /// What fork(2) does: the child shares the parent's pages until one of the two writes. ENOMEM:
    /// there are no frames for its page tables.
    [[nodiscard]] std::variant<ProcessId, CallError> fork(ProcessId parent, std::string name);

    /// What execve(2) does: the process goes on with the regions of another program. Its pages
    /// that are written before the program begins are not written yet.
    void exec(ProcessId id, const ExecLayout& layout);

    /// Adds a region to the process's address space (see RegionMap::insert).
    void map(ProcessId id, const Region& region);

    /// Maps the whole user half, where nothing is mapped yet, for anything.
    void map_user_half(ProcessId id);

    /// The sizes that mappings may ask for.
    [[nodiscard]] std::vector<PageSize> huge_page_sizes() const {
        return sw::huge_page_sizes(format_);
    }

    /// The calls by which processes change their address spaces.
    [[nodiscard]] SystemCalls& calls() { return calls_; }

    /// Files and shared memory; their pages are numbered from 0.
    [[nodiscard]] Objects& objects() { return objects_; }
    [[nodiscard]] const Objects& objects() const { return objects_; }
    /// Writes what memory has newer than storage. EIO: storage did not take a page.
    [[nodiscard]] CallResult sync_file(ObjectId file);
    /// The same, and then takes all pages out of memory that nobody maps.
    [[nodiscard]] CallResult drop_file(ObjectId file);
    /// Reads the whole file into memory, as far as frames are free.
    void warm_file(ObjectId file) { page_calls_.warm(file); }

    /// In the order of their addresses.
    [[nodiscard]] std::vector<Region> regions_of(ProcessId id) const {
        return processes_.living(id).space.regions.all();
    }
    /// The pieces of them that lie in the span.
    [[nodiscard]] std::vector<Region> regions_of(ProcessId id, PageSpan span) const {
        return processes_.living(id).space.regions.in(span);
    }
    /// What the process has by brk(2); none: it never had any, and runs no program.
    [[nodiscard]] std::optional<PageSpan> heap_of(ProcessId id) const {
        return processes_.living(id).space.heap;
    }
    /// The process's region that holds the address, if one does.
    [[nodiscard]] std::optional<Region> region_at(ProcessId id, VirtualAddress address) const;

    /// Processes that there have been: their numbers are below that.
    [[nodiscard]] std::size_t processes_made() const { return processes_.size(); }
    /// The process's top page table; none: it has exited.
    [[nodiscard]] std::optional<PhysicalPageNumber> root_of(ProcessId id) const;
    /// What Linux calls a region of the process in /proc/PID/maps; may be empty.
    [[nodiscard]] std::string name_of(ProcessId id, const Region& region) const;

    /// What the hart translates with during the process's turn. When the turn comes from another
    /// process, that counts as a context switch; its cost is left to the caller. Fences the TLBs if
    /// the process's ASID knew another address space before.
    [[nodiscard]] hw::TranslationContext switch_to(ProcessId id);

    /// Answers a page fault of a process. When it waits for storage, the same fault is to be given
    /// again once the request is done. After a signal the process is still there: whether it exits
    /// is for the caller to say.
    [[nodiscard]] FaultProgress handle_fault(ProcessId id, const hw::PageFault& fault);

    /// Takes in what storage has come to the end of.
    void storage_done() { transfers_.settle(); }
    /// Whether a fault of the process still waits for storage.
    [[nodiscard]] bool waits_for_storage(ProcessId id) const;

    /// Fences a process or all, one page or all, without need.
    void fence(std::optional<ProcessId> id, std::optional<VirtualAddress> address);

    /// Whether `accessed` is to be called for every access of a program.
    [[nodiscard]] bool watches_accesses() const { return replacement_.watches_accesses(); }
    /// The process has accessed the page, whose frame this is.
    void accessed(PhysicalPageNumber frame) { replacement_.accessed(frame); }
    /// Whether `loaded` is to be called when the access that a fault was for has been made.
    [[nodiscard]] bool load_is_no_access() const { return replacement_.load_is_no_access(); }
    /// The access that loaded the page has been made: it does not count as one.
    void loaded(PhysicalPageNumber frame);
    /// `replacement_tick_cycles` have passed.
    void tick() { reclaimer_.tick(); }

    /// See FrameAllocator.
    void fail_allocations(std::uint64_t after, std::uint64_t count) {
        allocator_.fail_allocations(after, count);
    }
    [[nodiscard]] std::uint64_t allocations_tried() const { return allocator_.allocations_tried(); }

    /// Ends the process: fences its ASID and frees all its frames and page tables.
    void exit(ProcessId id);

    /// How long nobody could run is not known here: 0.
    [[nodiscard]] OsStatistics statistics() const;
    /// Parts of them, for those who ask often.
    [[nodiscard]] FrameStatistics frame_statistics() const { return allocator_.statistics(); }
    [[nodiscard]] VmStatistics vm_statistics() const;
    /// The frames that hold anonymous pages by the table of frames; always frames.anonymous of the
    /// statistics, or some are lost.
    [[nodiscard]] std::uint64_t anonymous_frames_in_table() const;
    /// Those of them that a page-table entry maps.
    [[nodiscard]] std::uint64_t mapped_anonymous_frames() const;
    [[nodiscard]] FaultStatistics fault_statistics() const;
    /// In the order of creation, those that have exited too. Accesses are not known here: 0.
    [[nodiscard]] std::vector<ProcessStatistics> process_statistics() const;
    /// What each of them has in memory, in the same order. Looks at all page tables.
    [[nodiscard]] std::vector<ProcessMemory> process_memory() const;

    /// Counters start again from zero; what describes a state (frames, resident pages, ASIDs,
    /// signals) stays.
    void reset_statistics();

  private:
    [[nodiscard]] MemorySurvey survey() const;
    void assign_asid(AddressSpace& space);
    std::optional<AssignedAsid> retire_asid(AddressSpace& space);
    [[nodiscard]] PageCacheStatistics page_cache_statistics() const;
    [[nodiscard]] std::vector<SharedMemoryStatistics> shared_memory_statistics() const;
    [[nodiscard]] std::uint64_t regions_that_map(ObjectId object) const;

    OsParameters parameters_;
    hw::PagingParameters paging_;
    const hw::PagingFormat& format_;
    Machine& machine_;
    FrameRange memory_;

    FrameAllocator allocator_;
    HugePagePools pools_;
    Obstacles obstacles_;
    FrameTable frames_;
    Processes processes_;
    Objects objects_;
    SwapArea swap_;
    AsidAllocator asids_;
    FenceIssuer fences_;
    ReplacementLists replacement_;

    // Page tables take frames, frames come from pages that leave, and those are in page tables.
    Compactor compactor_;
    Reclaimer reclaimer_;
    PageTableEditor page_tables_;
    Pages pages_;
    PageTransfers transfers_;
    ReadAhead read_ahead_;
    ExplicitHugePages huge_pages_;
    FaultHandler faults_;
    PageCalls page_calls_;
    AddressSpaceCopy address_space_copy_;
    SystemCalls calls_;

    std::optional<ProcessId> last_turn_;
    std::uint64_t context_switches_ = 0;
    std::uint64_t asid_rollovers_ = 0;
};

}  // namespace mmusim::sw
