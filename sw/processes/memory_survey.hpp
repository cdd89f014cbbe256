// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/backing/objects.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/machine.hpp"
#include "sw/pages/pages.hpp"
#include "sw/processes/memory_count.hpp"
#include "sw/processes/memory_statistics.hpp"
#include "sw/processes/process.hpp"
#include "sw/processes/processes.hpp"
#include "sw/spaces/page_table_view.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <string>

namespace mmusim::sw {

/// Finds out what a process has in memory, from its regions, its page tables and the frames that
/// they name. It takes no time, and changes nothing.
class MemorySurvey {
  public:
    struct Parts {
        const FrameTable& frames;
        const Processes& processes;
        const Objects& objects;
        const Pages& pages;
        const ExplicitHugePages& huge_pages;
        Machine& machine;
    };

    MemorySurvey(const hw::PagingFormat& format, const Parts& parts)
        : format_(format), parts_(parts), tables_(format, parts.machine) {}

    [[nodiscard]] ProcessMemory of(const Process& process) const;

    /// The object's name, "[heap]", "[stack]", that of explicit huge pages or nothing.
    [[nodiscard]] std::string name_of(const AddressSpace& space, const Region& region) const;

  private:
    [[nodiscard]] MemoryCount count(const AddressSpace& space, const Region& region) const;
    void count_leaf(const PageTableView::Leaf& leaf, const Region& region,
                    MemoryCount& count) const;
    [[nodiscard]] CountedPage counted_page(PhysicalPageNumber number, hw::PageTableEntry entry,
                                           const Region& region) const;
    [[nodiscard]] bool written_by_others(const Frame& frame) const;
    [[nodiscard]] std::uint64_t swapped_object_pages(const AddressSpace& space,
                                                     const Region& region) const;
    [[nodiscard]] MappingStatistics mapping(const AddressSpace& space, const Region& region,
                                            const MemoryCount& count) const;
    [[nodiscard]] MappedObject mapped_object(const Region& region) const;
    [[nodiscard]] MappedObject mapped_object(const Frame& frame) const;
    [[nodiscard]] PageTableStatistics page_tables(const AddressSpace& space) const;

    const hw::PagingFormat& format_;
    Parts parts_;
    PageTableView tables_;
};

}  // namespace mmusim::sw
