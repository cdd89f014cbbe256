// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::size_t most_pressure_rows = 20;

void add_row(TextTable& table, std::uint64_t accesses, const MemoryPressure& pressure,
             bool thrashing) {
    constexpr std::uint64_t per_accesses = 1000;
    table.add_row({grouped(accesses), grouped_short(pressure.working_set_pages),
                   grouped_short(pressure.frames),
                   quotient(pressure.major_faults * per_accesses, pressure.accesses),
                   grouped_short(pressure.refaults),
                   percentage(pressure.stalled.value, pressure.cycles.value),
                   thrashing ? "THRASHING" : ""});
}

[[nodiscard]] bool waited_for_storage(const TimelineEntry& entry) {
    return entry.pressure.major_faults > 0 || entry.pressure.stalled > Cycles{};
}

}  // namespace

std::string pressure_section(const RunResult& result) {
    const std::vector<TimelineEntry>& timeline = result.timeline;
    if (std::none_of(timeline.begin(), timeline.end(), waited_for_storage)) {
        return {};
    }
    TextTable table("Memory up to access",
                    {{"working sets"},
                     {"frames"},
                     {"major/1,000"},
                     {"refaults"},
                     {"stalled"},
                     {"", Alignment::left}},
                    Alignment::right);
    const std::size_t step = (timeline.size() + most_pressure_rows - 1) / most_pressure_rows;
    MemoryPressure pressure;
    bool thrashing = false;
    for (std::size_t number = 0; number < timeline.size(); ++number) {
        pressure = pressure + timeline[number].pressure;
        thrashing = thrashing || timeline[number].thrashing;
        // The last entry ends a row, whatever the distance.
        if ((timeline.size() - 1 - number) % step == 0) {
            add_row(table, timeline[number].accesses, pressure, thrashing);
            pressure = {};
            thrashing = false;
        }
    }
    return "Memory pressure: pages touched, major faults per 1,000 accesses, time without a "
           "runnable process\n" +
           table.text();
}

std::string thrashing_section(const RunResult& result) {
    if (!result.thrashing || !result.thrashing->detected) {
        return {};
    }
    constexpr std::size_t indentation = 2;
    const ThrashingStatistics& thrashing = *result.thrashing;
    return wrapped(
               fmt::format("THRASHING in {} of {}: the working sets, {} at most, did not fit into "
                           "memory, and the machine stood still for storage",
                           grouped(thrashing.thrashing_intervals),
                           counted(thrashing.intervals, "interval"),
                           counted(thrashing.largest_working_set_pages, "page")),
               report_columns, indentation) +
           '\n';
}

}  // namespace mmusim::tb
