// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::uint64_t all_faults(const sw::FaultStatistics& faults) {
    return faults.minor + faults.major + faults.invalid;
}

}  // namespace

std::string fault_section(const RunResult& result) {
    const sw::FaultStatistics& faults = result.faults;
    const std::uint64_t all = all_faults(faults);
    TextTable table("Page faults", {{"count"}, {"share"}});
    const auto add = [&](const std::string& name, std::uint64_t count) {
        table.add_row({name, grouped_short(count), percentage(count, all)});
    };
    add("minor", faults.minor);
    add("major", faults.major);
    add("invalid", faults.invalid);
    add("all", all);
    return table.text();
}

std::string fault_kind_section(const RunResult& result) {
    const auto& counts = result.faults.by_kind.values;
    TextTable table("Page faults by kind", {{"count"}, {"share"}});
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        if (counts[kind] != 0) {
            table.add_row({std::string{names_of<sw::FaultKind>[kind]}, grouped_short(counts[kind]),
                           percentage(counts[kind], all_faults(result.faults))});
        }
    }
    return table.empty() ? "" : table.text();
}

std::string step_section(const RunResult& result) {
    TextTable table("Steps", {{"minor"}, {"major"}, {"cycles"}, {"", Alignment::left}});
    for (const StepResult& step : result.steps) {
        const std::string outcome = step.signal  ? std::string(name_of(*step.signal))
                                    : step.error ? std::string(name_of(*step.error))
                                                 : "";
        table.add_row({fmt::format("{:>4}  {}", step.line, step.text), grouped(step.minor),
                       grouped(step.major), grouped(step.cycles.value), outcome});
    }
    return table.empty() ? "" : table.text();
}

std::string frame_section(const RunResult& result) {
    const sw::FrameStatistics& frames = result.os.frames;
    TextTable table("Frames at the end", {{"count"}, {"share"}});
    const auto add = [&](const std::string& name, std::uint64_t count) {
        table.add_row({name, grouped_short(count), percentage(count, frames.total)});
    };
    add("anonymous", frames.anonymous);
    add("file", frames.file);
    add("page tables", frames.page_table);
    add("free", frames.free);
    add("all", frames.total);
    return table.text();
}

std::string os_section(const RunResult& result) {
    TextTable table("Operating system", {{"count"}});
    const auto add_if_any = [&](const std::string& name, std::uint64_t count) {
        if (count > 0) {
            table.add_row({name, grouped_short(count)});
        }
    };
    table.add_row({"context switches", grouped_short(result.os.context_switches)});
    table.add_row({"TLB invalidations", grouped_short(result.os.tlb_invalidations)});
    table.add_row({"ASID rollovers", grouped_short(result.os.asid_rollovers)});
    add_if_any("evictions, clean", result.os.evictions.clean);
    add_if_any("evictions, dirty", result.os.evictions.dirty);
    add_if_any("huge pages", result.os.thp.fault_alloc);
    add_if_any("huge pages refused", result.os.thp.fault_fallback);
    add_if_any("compactions", result.os.compaction.success);
    add_if_any("compactions failed", result.os.compaction.fail);
    add_if_any("pages moved by them", result.os.compaction.pages_moved);
    add_if_any("pages in swap", result.os.swap.pages_used);
    add_if_any("pages read from swap", result.os.swap.reads);
    add_if_any("pages written to swap", result.os.swap.writes);
    add_if_any("pages read from files", result.os.page_cache.reads);
    add_if_any("pages written to files", result.os.page_cache.writes);
    return table.text();
}

std::string process_section(const RunResult& result) {
    constexpr std::size_t longest_name = 22;
    TextTable table("Process", {{"ASID"},
                                {"accesses"},
                                {"minor"},
                                {"major"},
                                {"resident"},
                                {"tables"},
                                {"ended by", Alignment::left}});
    for (const sw::ProcessStatistics& process : result.processes) {
        table.add_row({end_of(process.name, longest_name), grouped(process.asid.value),
                       grouped_short(process.accesses), grouped_short(process.minor),
                       grouped_short(process.major), grouped_short(process.rss_pages),
                       grouped_short(process.page_table_pages),
                       std::string{process.signal ? name_of(*process.signal) : no_number}});
    }
    return table.empty() ? "" : table.text();
}

}  // namespace mmusim::tb
