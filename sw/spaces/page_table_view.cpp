// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/page_table_view.hpp"

#include <algorithm>

namespace mmusim::sw {

void PageTableView::visit(PhysicalPageNumber root, PageSpan span,
                          const LeafVisitor& on_leaf) const {
    visit_table(table_at(root), span, on_leaf, [](const Table& /*table*/) {});
}

std::array<std::uint64_t, hw::max_levels> PageTableView::tables_by_level(
    PhysicalPageNumber root) const {
    std::array<std::uint64_t, hw::max_levels> tables{};
    visit_table(
        table_at(root), {.start = {}, .end = format_.user_half_end()}, [](const Leaf& /*leaf*/) {},
        [&tables](const Table& table) { ++tables.at(table.level); });
    return tables;
}

void PageTableView::visit_table(const Table& table, PageSpan span, const LeafVisitor& on_leaf,
                                const TableVisitor& on_table) const {
    on_table(table);
    const std::uint64_t bytes_per_entry = format_.page_size_at(table.level).bytes();
    const std::uint64_t table_end =
        table.start.value + bytes_per_entry * format_.entries_per_table();
    const std::uint64_t from = std::max(span.start.value, table.start.value);
    const std::uint64_t to = std::min(span.end.value, table_end);
    for (std::uint64_t address = from / bytes_per_entry * bytes_per_entry; address < to;
         address += bytes_per_entry) {
        const hw::PageTableEntry entry =
            machine_.peek_entry(format_.entry_address(table.frame, table.level, {address}));
        const bool points_on = table.level > 0 && entry.valid() && !entry.leaf();
        if (points_on) {
            visit_table(
                {.frame = entry.page_number(), .level = table.level - 1, .start = {address}}, span,
                on_leaf, on_table);
        } else if (entry.raw != 0) {
            on_leaf({.address = {address}, .entry = entry, .level = table.level});
        }
    }
}

}  // namespace mmusim::sw
