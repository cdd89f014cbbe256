// SPDX-License-Identifier: Apache-2.0
#include "tb/report/text_report.hpp"

#include "tb/report/machine_summary.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"
#include "tb/report/version.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <string_view>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string trace_names(const WorkloadDescription& workload) {
    constexpr std::size_t longest_trace = 80;
    std::string names;
    for (const std::string& trace : workload.traces) {
        names += (names.empty() ? "" : ", ") + end_of(trace, longest_trace);
    }
    return names;
}

[[nodiscard]] std::string title(const RunResult& result, const Configuration& configuration) {
    constexpr std::size_t indentation = 2;
    std::string text =
        wrapped(fmt::format("{} {}: {}", program_name, version(), trace_names(result.workload)),
                report_columns, indentation) +
        '\n' + wrapped(machine_summary(configuration), report_columns, indentation) + '\n';
    if (result.interrupted) {
        text += "INTERRUPTED: the run was ended early; these are the figures until then\n";
    }
    return text;
}

// The modelled time, in the largest unit that leaves at least 1.
[[nodiscard]] std::string time_text(Cycles cycles, std::uint64_t period_ps) {
    constexpr std::array<std::string_view, 5> units{"ps", "ns", "µs", "ms", "s"};
    constexpr double step = 1000;
    double time = static_cast<double>(cycles.value) * static_cast<double>(period_ps);
    std::size_t unit = 0;
    while (time >= step && unit + 1 < units.size()) {
        time /= step;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", time, unit == 0 ? 0 : 3, units.at(unit));
}

[[nodiscard]] std::string totals_section(const RunResult& result,
                                         const Configuration& configuration) {
    const hw::Totals& totals = result.totals;
    const std::uint64_t period = configuration.clock.period_ps;
    TextTable table("Totals", {{""}, {"", Alignment::left}});
    table.add_row({"accesses", grouped(totals.accesses),
                   result.workload.warmup == 0
                       ? ""
                       : fmt::format("after {} of warm-up", grouped(result.workload.warmup))});
    table.add_row({"translations", grouped(totals.translations),
                   fmt::format("and {} made again after page faults", grouped(totals.retries))});
    table.add_row(
        {"cycles", grouped(totals.cycles.value),
         fmt::format("{} at {} ps a cycle", time_text(totals.cycles, period), grouped(period))});
    table.add_row({"cycles per translation", quotient(totals.cycles.value, totals.translations)});
    table.add_row(
        {"walks per 1,000 accesses", quotient(result.walker.walks * 1000, totals.accesses)});
    return table.text();
}

[[nodiscard]] std::string host_section(const RunResult& result) {
    if (!result.host) {
        return {};
    }
    constexpr double million = 1e6;
    return fmt::format("Host: {:.3f} s of simulation, {:.2f} M translations per second, peak {}\n",
                       result.host->simulate_seconds,
                       result.host->translations_per_second / million,
                       binary_size(result.host->peak_memory_bytes));
}

[[nodiscard]] std::string separated(std::initializer_list<std::string> sections) {
    std::string text;
    for (const std::string& section : sections) {
        if (!section.empty()) {
            text += (text.empty() ? "" : "\n") + section;
        }
    }
    return text;
}

}  // namespace

std::string text_report(const RunResult& result, const Configuration& configuration) {
    return separated({
        title(result, configuration),
        step_section(result),
        totals_section(result, configuration),
        latency_section(result),
        breakdown_section(result),
        what_if_section(result),
        tlb_section(result),
        cache_section(result),
        side_by_side(walker_section(result, configuration), memory_section(result, configuration),
                     report_columns),
        side_by_side(fault_section(result), fault_kind_section(result), report_columns),
        side_by_side(frame_section(result), os_section(result), report_columns),
        process_section(result),
        timeline_section(result),
        pressure_section(result),
        thrashing_section(result),
        host_section(result),
    });
}

}  // namespace mmusim::tb
