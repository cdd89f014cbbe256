// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/asid_allocator.hpp"
#include "sw/spaces/region_map.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace mmusim::sw {

/// The bytes [start, end) of one address space.
struct ByteSpan {
    VirtualAddress start;
    VirtualAddress end;
};

/// What a process may address, and what it has in memory.
struct AddressSpace {
    /// Its top page table, cleared.
    PhysicalPageNumber root;
    RegionMap regions{};
    /// Where the highest region ended that it ever had.
    VirtualAddress highest_end{};
    /// What the process has by brk(2); none: it has never asked for any, and runs no program.
    std::optional<PageSpan> heap{};
    /// The executable bytes of the program that it runs, from the first to the last.
    ByteSpan code{};
    /// Given at its first turn; until then no TLB knows the space.
    std::optional<AssignedAsid> asid{};
    /// Pages that its entries find in memory, the shared page of zeros apart.
    std::uint64_t resident_pages = 0;
    /// Those of files and shared memory.
    std::uint64_t object_pages = 0;
    /// Pages of its own that are in the swap area.
    std::uint64_t swapped_pages = 0;
    /// Pages of 4 KiB that its explicit huge pages are worth; they are not among the resident ones.
    std::uint64_t hugetlb_pages = 0;
    /// The explicit huge pages of its own that it was promised, and has not touched yet.
    std::set<VirtualPageNumber> promised_huge_pages{};
    /// Frames that hold its page tables, the root included.
    std::uint64_t page_table_pages = 1;
    /// A table for each huge page, by its first page: in place of the huge page's entry, when its
    /// pages go different ways.
    std::map<VirtualPageNumber, PhysicalPageNumber> spare_tables{};
};

}  // namespace mmusim::sw
