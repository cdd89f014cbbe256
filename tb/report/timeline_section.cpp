// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::size_t most_rows = 20;
constexpr std::size_t most_tlbs = 4;
constexpr std::size_t longest_heading = 11;

[[nodiscard]] TextTable table_for(const TimelineEntry& entry, std::size_t tlbs) {
    std::vector<TextTable::Column> columns{{"cycles/access"}};
    for (std::size_t tlb = 0; tlb < tlbs; ++tlb) {
        columns.push_back({end_of(entry.misses[tlb].first, longest_heading)});
    }
    columns.push_back({"faults"});
    columns.push_back({"resident"});
    return {"Up to access", std::move(columns), Alignment::right};
}

// The figures count from the start of the measurement; a row has what came after the row before.
void add_row(TextTable& table, const TimelineEntry& from, const TimelineEntry& to,
             std::size_t tlbs) {
    constexpr std::uint64_t per_accesses = 1000;
    const std::uint64_t accesses = to.accesses - from.accesses;
    std::vector<std::string> cells{grouped(to.accesses),
                                   quotient((to.cycles - from.cycles).value, accesses)};
    for (std::size_t tlb = 0; tlb < tlbs; ++tlb) {
        const std::uint64_t before = from.misses.empty() ? 0 : from.misses[tlb].second;
        cells.push_back(quotient((to.misses[tlb].second - before) * per_accesses, accesses));
    }
    cells.push_back(grouped_short(to.faults - from.faults));
    const std::uint64_t resident = std::accumulate(
        to.resident_pages.begin(), to.resident_pages.end(), std::uint64_t{0},
        [](std::uint64_t sum, const auto& process) { return sum + process.second; });
    cells.push_back(grouped_short(resident));
    table.add_row(std::move(cells));
}

}  // namespace

std::string timeline_section(const RunResult& result) {
    const std::vector<TimelineEntry>& timeline = result.timeline;
    if (timeline.empty()) {
        return {};
    }
    const std::size_t tlbs = std::min(timeline.front().misses.size(), most_tlbs);
    const std::size_t step = (timeline.size() + most_rows - 1) / most_rows;
    TextTable table = table_for(timeline.front(), tlbs);
    TimelineEntry before;
    // The last entry has a row, whatever the distance.
    for (std::size_t row = (timeline.size() - 1) % step; row < timeline.size(); row += step) {
        add_row(table, before, timeline[row], tlbs);
        before = timeline[row];
    }
    return fmt::format("Timeline: TLB misses per 1,000 accesses{}\n{}",
                       step == 1 ? "" : fmt::format(", {} entries to a row", step), table.text());
}

}  // namespace mmusim::tb
