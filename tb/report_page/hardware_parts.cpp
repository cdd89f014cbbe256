// SPDX-License-Identifier: Apache-2.0
#include "hw/cache/statistics.hpp"
#include "hw/memory/statistics.hpp"
#include "hw/tlb/parameters.hpp"
#include "hw/tlb/statistics.hpp"
#include "hw/walker/statistics.hpp"
#include "tb/report_page/figure_tables.hpp"
#include "tb/report_page/meanings.hpp"
#include "tb/report_page/parts.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::vector<FigureColumn> columns_of_parts(const std::vector<std::string>& names,
                                                         const Pointer& group) {
    std::vector<FigureColumn> columns;
    columns.reserve(names.size());
    for (const std::string& name : names) {
        columns.push_back({.heading = name, .pointer = group / name});
    }
    return columns;
}

void add_miss_rates(HtmlTable& table, const DocumentView& view,
                    const std::vector<std::string>& tlbs) {
    std::vector<Cell> cells;
    for (const std::string& name : tlbs) {
        const Pointer tlb = Pointer("/tlbs") / name;
        Cell cell = share_cell(view.count(tlb / "misses"), view.count(tlb / "lookups"));
        cells.push_back(std::move(cell));
    }
    table.add_row({.text = "misses of lookups", .explanation = "misses divided by lookups"},
                  std::move(cells));
}

}  // namespace

std::string tlbs_part(const DocumentView& view) {
    const std::vector<std::string> names = view.names(Pointer("/tlbs"));
    if (names.empty()) {
        return {};
    }
    std::vector<Heading> headings{{.text = "figure"}};
    for (const std::string& name : names) {
        headings.push_back({.text = name});
    }
    HtmlTable table("The TLBs: their shape, and what they did", std::move(headings));
    table.add_group("Shape");
    add_figure_rows(table, view, columns_of_parts(names, Pointer("/config/tlbs")),
                    meanings_of<hw::TlbParameters>());
    table.add_group("What they did");
    add_miss_rates(table, view, names);
    add_figure_rows(table, view, columns_of_parts(names, Pointer("/tlbs")),
                    meanings_of<hw::TlbStatistics>());
    return table.html();
}

std::string walks_part(const DocumentView& view) {
    const Pointer walker("/walker");
    return chart_place({.chart = "walk_latency",
                        .title = "How many of the walks took at most so many cycles",
                        .description = "Lines that rise from 0 to 100 %: the share of the walks "
                                       "that took at most so many cycles, and that waited at most "
                                       "so many for a free walker.",
                        .documents = {view.number()}}) +
           chart_place({.chart = "pte_reads_by_level",
                        .title = "Page-table entries read, by level of the table",
                        .description = "A bar for each level of the page table: how many of its "
                                       "entries the walker read. Level 0 is the last.",
                        .documents = {view.number()}}) +
           figure_table(view, "The page-table walkers", {{.heading = "count", .pointer = walker}},
                        meanings_of<hw::WalkerStatistics>()) +
           folded("The counts behind the curves",
                  histogram_table(view, "Walks by how many cycles they took and waited", "cycles",
                                  {{.heading = "service", .pointer = walker / "service"},
                                   {.heading = "wait", .pointer = walker / "wait"}}) +
                      histogram_table(
                          view, "Walks by how many others were under way when they were asked for",
                          "others", {{.heading = "walks", .pointer = walker / "pending"}}));
}

std::string memory_part(const DocumentView& view) {
    const Pointer caches("/caches");
    const auto cache_columns = columns_of_parts(view.names(caches), caches);
    const std::string cache_table = cache_columns.empty()
                                        ? std::string{}
                                        : figure_table(view, "The data caches", cache_columns,
                                                       meanings_of<hw::CacheStatistics>());
    return cache_table + figure_table(view, "The memory controller",
                                      {{.heading = "count", .pointer = Pointer("/memory")}},
                                      meanings_of<hw::MemoryStatistics>());
}

}  // namespace mmusim::tb
