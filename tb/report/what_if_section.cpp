// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <string_view>

namespace mmusim::tb {

namespace {

void add_what_if(TextTable& table, const WhatIfRow& row, Cycles base) {
    if (!row.cycles) {
        table.add_row({row.ideal.name, std::string{no_number}, std::string{no_number},
                       std::string{no_number}, row.failure});
        return;
    }
    const std::int64_t saved = saved_cycles(base, *row.cycles);
    const std::string sign = saved < 0 ? "-" : "";
    const auto magnitude = static_cast<std::uint64_t>(saved < 0 ? -saved : saved);
    table.add_row({row.ideal.name, grouped(row.cycles->value), sign + grouped(magnitude),
                   sign + percentage(magnitude, base.value), row.ideal.meaning});
}

// The settings of a row as the command line takes them, after its name.
[[nodiscard]] std::string by_hand(const Ideal& ideal) {
    constexpr std::string_view indentation = "  ";
    const std::string line = fmt::format("{}: {}", ideal.name, fmt::join(ideal.settings, " "));
    return fmt::format("{}{}\n", indentation,
                       wrapped(line, report_columns - indentation.size(), 2 * indentation.size()));
}

}  // namespace

std::string what_if_section(const RunResult& result) {
    if (!result.what_if) {
        return {};
    }
    TextTable table("What if", {{"cycles"}, {"saved"}, {"share"}, {"", Alignment::left}});
    std::string settings = "Each by hand, with --set:\n";
    for (const WhatIfRow& row : *result.what_if) {
        add_what_if(table, row, result.totals.cycles);
        settings += by_hand(row.ideal);
    }
    return table.text() + '\n' + settings;
}

}  // namespace mmusim::tb
