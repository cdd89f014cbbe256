// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::tb {

namespace {

void add_class(TextTable& table, const std::string& name, const hw::LatencyHistogram& latency,
               const hw::LatencyHistogram& all) {
    const std::uint64_t count = latency.count();
    const auto cycles_if_any = [&](Cycles cycles) {
        return count == 0 ? std::string{no_number} : grouped(cycles.value);
    };
    table.add_row({name, grouped_short(count), percentage(count, all.count()),
                   cycles_if_any(latency.percentile(500)), cycles_if_any(latency.percentile(990)),
                   cycles_if_any(latency.maximum()), quotient(latency.total().value, count),
                   percentage(latency.total().value, all.total().value)});
}

// A bar of `part` where one of `whole` fills it, in steps of an eighth of a column; whatever is not
// nothing is seen.
[[nodiscard]] std::string bar(std::uint64_t part, std::uint64_t whole) {
    constexpr std::uint64_t columns = 24;
    constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const std::uint64_t length =
        std::max<std::uint64_t>(1, part * columns * eighths.size() / whole);
    std::string text;
    for (std::uint64_t full = 0; full < length / eighths.size(); ++full) {
        text += "█";
    }
    return text.append(eighths.at(length % eighths.size()));
}

}  // namespace

std::string latency_section(const RunResult& result) {
    TextTable table("Latency in cycles",
                    {{"count"}, {"share"}, {"p50"}, {"p99"}, {"max"}, {"mean"}, {"of all cycles"}});
    for (const auto& [name, latency] : result.classes) {
        add_class(table, name, latency, result.latency);
    }
    add_class(table, "all", result.latency, result.latency);
    return table.text();
}

std::string breakdown_section(const RunResult& result) {
    const auto& stages = result.breakdown.stages.values;
    const std::uint64_t total = result.breakdown.total().value;
    const std::uint64_t translations = result.latency.count();
    const std::uint64_t largest = std::max_element(stages.begin(), stages.end())->value;

    TextTable table("Where the cycles went",
                    {{"cycles"}, {"share"}, {"per translation"}, {"", Alignment::left}});
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
        if (const std::uint64_t cycles = stages[stage].value; cycles != 0) {
            table.add_row({std::string{names_of<Stage>[stage]}, grouped(cycles),
                           percentage(cycles, total), quotient(cycles, translations),
                           bar(cycles, largest)});
        }
    }
    table.add_row(
        {"total", grouped(total), percentage(total, total), quotient(total, translations)});
    return table.text();
}

}  // namespace mmusim::tb
