// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/backing/objects.hpp"
#include "sw/calls/advice.hpp"
#include "sw/calls/advice_call.hpp"
#include "sw/calls/call_error.hpp"
#include "sw/calls/map_request.hpp"
#include "sw/calls/page_calls.hpp"
#include "sw/faults/fault_handler.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/hugetlb/huge_page_pools.hpp"
#include "sw/machine.hpp"
#include "sw/parameters.hpp"
#include "sw/processes/exec_layout.hpp"
#include "sw/processes/processes.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw {

/// Nothing, where the call did what it was asked for.
using CallResult = std::optional<CallError>;

/// What programs ask of memory management: mmap(2) and its kin. A call that has to wait for storage
/// lets the time pass, and is done when it returns.
class SystemCalls {
  public:
    struct Parts {
        Processes& processes;
        Objects& objects;
        FrameAllocator& allocator;
        FenceIssuer& fences;
        PageTableEditor& page_tables;
        Pages& pages;
        HugePagePools& pools;
        ExplicitHugePages& huge_pages;
        PageCalls& page_calls;
        Machine& machine;
    };

    /// `user_half_end`: where the addresses of programs end; `memory_bytes`: of memory and swap
    /// together.
    SystemCalls(const OsParameters& parameters, VirtualAddress user_half_end,
                std::uint64_t memory_bytes, const Parts& parts);

    /// Where the region begins. EINVAL: no bytes, an address or offset within a page, or no such
    /// huge pages. ENOMEM: the mapping is larger than memory and swap, reaches beyond the user
    /// half, asks for more huge pages than are kept, or takes a part of one away.
    [[nodiscard]] std::variant<VirtualAddress, CallError> map(ProcessId id,
                                                              const MapRequest& request);
    /// EINVAL: no whole pages. The same for all that follow, also for explicit huge pages.
    [[nodiscard]] CallResult unmap(ProcessId id, PageSpan span);
    /// ENOMEM: not all of the span is mapped. The same for all that follow.
    [[nodiscard]] CallResult protect(ProcessId id, PageSpan span, Rights rights);
    /// Where the region is afterwards.
    [[nodiscard]] std::variant<VirtualAddress, CallError> move(ProcessId id, PageSpan span,
                                                               std::optional<VirtualAddress> to);
    /// Changes the size of what is mapped at `span`, where it is. ENOMEM: there is no room. EINVAL:
    /// explicit huge pages would become more.
    [[nodiscard]] CallResult resize(ProcessId id, PageSpan span, std::uint64_t bytes);
    [[nodiscard]] CallResult lock(ProcessId id, PageSpan span);
    [[nodiscard]] CallResult unlock(ProcessId id, PageSpan span);
    /// Private pages that the last of these calls has copied, though no program has written them
    /// yet: where they were populated or locked.
    [[nodiscard]] const std::vector<PageSpan>& copied() const { return copied_; }
    /// EIO: storage did not take a page.
    [[nodiscard]] CallResult sync(ProcessId id, PageSpan span);
    /// EINVAL: the advice is not for this kind of mapping.
    [[nodiscard]] CallResult advise(ProcessId id, PageSpan span, Advice advice);

    /// brk(2): the heap's size from now on, and where it lies. It begins where the program ends,
    /// or, where the process runs none, where the next region would. ENOMEM: it is larger than
    /// memory and swap, or something is in its way.
    [[nodiscard]] std::variant<PageSpan, CallError> set_heap(ProcessId id, std::uint64_t bytes);

    /// execve(2): the program's regions take the place of all that the process had.
    void exec(Process& process, const ExecLayout& layout);

    /// Unmaps everything.
    void clear(Process& process);

  private:
    void enter();
    void populate(Process& process, const Region& region);
    [[nodiscard]] CallResult check(const MapRequest& request, const AddressSpace& space,
                                   PageSpan span) const;
    [[nodiscard]] std::uint64_t largest_page_in(const AddressSpace& space, PageSpan span) const;
    [[nodiscard]] static CallResult check_mapped(const Process& process, PageSpan span);
    [[nodiscard]] static VirtualAddress place(const AddressSpace& space, std::uint64_t bytes,
                                              std::uint64_t page = page_bytes);
    [[nodiscard]] bool inside_user_half(PageSpan span) const;
    void remove(Process& process, PageSpan span);
    void split_all(Process& process, PageSpan span);
    void lock(Process& process, const Region& region, bool locked);
    void prune(Process& process, PageSpan span);
    void show_rights(Process& process, const Region& region);
    [[nodiscard]] bool writable_at_once(const Region& region, hw::PageTableEntry entry) const;
    [[nodiscard]] bool make_tables(Process& process, PageSpan span, VirtualAddress to);
    void move_pages(Process& process, PageSpan span, VirtualAddress to);

    OsParameters parameters_;
    VirtualAddress user_half_end_;
    std::uint64_t memory_bytes_;
    Parts parts_;
    AdviceCall advice_;
    std::vector<PageSpan> copied_;
};

}  // namespace mmusim::sw
