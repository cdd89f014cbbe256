// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/hugetlb/huge_page_pools.hpp"
#include "sw/machine.hpp"
#include "sw/parameters.hpp"
#include "sw/processes/processes.hpp"
#include "sw/spaces/fence_issuer.hpp"
#include "sw/spaces/page_table_editor.hpp"
#include "sw/spaces/region.hpp"

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace mmusim::sw {

/// The pages of regions that have asked for huge ones (MAP_HUGETLB), by Linux's rules
/// (mm/hugetlb.c): each comes from the pool of its size, whole, in one fault; it is never split and
/// never leaves memory. A private page that is written while others see it is copied whole.
class ExplicitHugePages {
  public:
    struct Parts {
        HugePagePools& pools;
        Processes& processes;
        PageTableEditor& page_tables;
        FenceIssuer& fences;
        Machine& machine;
    };

    ExplicitHugePages(const OsParameters& parameters, const hw::PagingFormat& format,
                      const Parts& parts)
        : parameters_(parameters), format_(format), parts_(parts) {}

    /// How many bytes a page of the region has, huge or not.
    [[nodiscard]] std::uint64_t bytes_of_page(const Region& region) const {
        return format_.page_size_at(region.leaf_level).bytes();
    }

    /// Whether the span begins or ends within a page of the space: no call leaves a part of one
    /// (mm/hugetlb.c, hugetlb_vm_op_split).
    [[nodiscard]] bool cut_by(const AddressSpace& space, PageSpan span) const;

    /// How many entries map a page that is in use, of all processes.
    [[nodiscard]] std::uint64_t mappings_of(PhysicalPageNumber page) const {
        return pages_.at(page).mappings.size();
    }

    /// Promises that the pools have the pages of a region that is to be made; false if they have
    /// not.
    [[nodiscard]] bool promise(const Region& region);
    /// The region, whose pages were promised, is there.
    void opened(Process& process, const Region& region);
    /// The region is gone, with all its pages.
    void closed(Process& process, const Region& region);

    /// Answers a fault in a region that allows the access, where the slot of the page does not:
    /// nothing is there, or what is there may not be written. SIGBUS: the pool has no page left.
    [[nodiscard]] FaultOutcome resolve(Process& process, const Region& region,
                                       VirtualAddress address, AccessType type,
                                       const EntrySlot& slot);

    /// The process does not see the pages of the span any more.
    void drop(Process& process, PageSpan span);

    /// The child's slot, empty before, says what the parent's says; both share the page.
    void share(Process& parent, VirtualAddress address, const EntrySlot& slot, Process& child,
               const EntrySlot& child_slot);

    /// What the one slot says, the other says from now on.
    void move(Process& process, VirtualAddress from, const EntrySlot& old_slot, VirtualAddress to,
              const EntrySlot& new_slot);
    /// The promises for the pages of the span are for those from `to` on.
    static void move_promises(Process& process, PageSpan span, VirtualAddress to);

  private:
    /// A page that is in use, by its first frame.
    struct HugePage {
        unsigned level = 0;
        std::vector<PageMapping> mappings{};
        bool object = false;
    };
    /// A fault, once its slot is found.
    struct Request;
    using ObjectKey = std::pair<ObjectId, std::uint64_t>;  // the page, in pages of 4 KiB

    [[nodiscard]] FaultOutcome absent_private(const Request& request);
    [[nodiscard]] FaultOutcome absent_shared(const Request& request);
    [[nodiscard]] FaultOutcome write_to_present(const Request& request);
    [[nodiscard]] FaultOutcome copy(const Request& request, PhysicalPageNumber to);
    [[nodiscard]] std::optional<PhysicalPageNumber> take_for(const Request& request);
    void take_from_others(PhysicalPageNumber page, ProcessId keeps);
    void map(const Request& request, PhysicalPageNumber page, hw::PageFlags flags);
    void unmap(Process& process, VirtualAddress address, const EntrySlot& slot);
    void remove_mapping(PhysicalPageNumber page, const PageMapping& mapping);
    void give_back(PhysicalPageNumber page);
    void fence(const Process& process, VirtualAddress address, hw::PageTableEntry old_entry);
    [[nodiscard]] std::uint64_t frames_at(unsigned level) const {
        return format_.page_size_at(level).bytes() / page_bytes;
    }
    [[nodiscard]] bool anybody_maps(ObjectId object) const;
    void forget(ObjectId object, unsigned level);

    OsParameters parameters_;
    const hw::PagingFormat& format_;
    Parts parts_;
    std::map<PhysicalPageNumber, HugePage> pages_;
    std::map<ObjectKey, PhysicalPageNumber> pages_of_objects_;
    std::set<ObjectKey> promised_to_objects_;
};

}  // namespace mmusim::sw
