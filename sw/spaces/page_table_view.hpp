// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/machine.hpp"
#include "sw/spaces/region_map.hpp"

#include <array>
#include <cstdint>
#include <functional>

namespace mmusim::sw {

/// Looks at page tables as they are. It takes no time and changes nothing.
class PageTableView {
  public:
    PageTableView(const hw::PagingFormat& format, Machine& machine)
        : format_(format), machine_(machine) {}

    /// A leaf's entry, which is not zero. Level 0: of one page; above, of a huge page.
    struct Leaf {
        VirtualAddress address;
        hw::PageTableEntry entry;
        unsigned level = 0;
    };
    using LeafVisitor = std::function<void(const Leaf&)>;

    /// Visits the leaves in the span, in order.
    void visit(PhysicalPageNumber root, PageSpan span, const LeafVisitor& on_leaf) const;

    /// How many tables there are of each level, by level; the root is one.
    [[nodiscard]] std::array<std::uint64_t, hw::max_levels> tables_by_level(
        PhysicalPageNumber root) const;

  private:
    struct Table {
        PhysicalPageNumber frame;
        unsigned level = 0;
        VirtualAddress start;  ///< the first address that it translates
    };
    using TableVisitor = std::function<void(const Table&)>;

    [[nodiscard]] Table table_at(PhysicalPageNumber root) const {
        return {.frame = root, .level = format_.levels - 1, .start = {}};
    }
    void visit_table(const Table& table, PageSpan span, const LeafVisitor& on_leaf,
                     const TableVisitor& on_table) const;

    const hw::PagingFormat& format_;
    Machine& machine_;
};

}  // namespace mmusim::sw
