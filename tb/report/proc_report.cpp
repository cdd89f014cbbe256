// SPDX-License-Identifier: Apache-2.0
#include "tb/report/proc_report.hpp"

#include "hw/base/fields.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::tb {

namespace {

// The names of the totals in smaps, in the order of their field list.
constexpr std::array<std::string_view, 17> smaps_labels{
    "Size",       "Rss",          "Pss",           "Pss_Anon",       "Pss_File",
    "Pss_Shmem",  "Shared_Clean", "Shared_Dirty",  "Private_Clean",  "Private_Dirty",
    "Referenced", "Anonymous",    "AnonHugePages", "Shared_Hugetlb", "Private_Hugetlb",
    "Swap",       "Locked"};
static_assert(std::tuple_size_v<decltype(sw::SmapsStatistics::fields())> == smaps_labels.size());

[[nodiscard]] std::string maps_text(const sw::ProcessMemory& memory) {
    std::string text;
    for (const sw::MappingStatistics& mapping : memory.maps) {
        text += mapping.line.substr(0, mapping.line.find_last_not_of(' ') + 1) + '\n';
    }
    return text;
}

[[nodiscard]] std::string smaps_text(const sw::SmapsStatistics& smaps) {
    constexpr std::uint64_t kib = 1024;
    std::string text;
    std::size_t label = 0;
    for_each_field<sw::SmapsStatistics>([&](const auto& field) {
        text += fmt::format("{:<16}{:8} kB\n", fmt::format("{}:", smaps_labels.at(label++)),
                            smaps.*field.member / kib);
    });
    return text;
}

// Linux prints two more, always 0: libraries, and dirty pages.
[[nodiscard]] std::string statm_text(const sw::StatmStatistics& statm) {
    return fmt::format("{} {} {} {} 0 {} 0\n", statm.total, statm.resident, statm.shared,
                       statm.text, statm.data);
}

[[nodiscard]] std::string page_table_text(const sw::PageTableStatistics& tables, unsigned levels) {
    TextTable table("Page tables", {{"pages"}, {"bytes"}});
    for (unsigned level = levels; level > 0; --level) {
        table.add_row({fmt::format("level {}", level - 1),
                       grouped(tables.pages_by_level.at(level - 1)),
                       grouped(tables.bytes_by_level.at(level - 1))});
    }
    if (tables.spare_pages != 0) {
        table.add_row({"kept for huge pages", grouped(tables.spare_pages),
                       grouped(tables.spare_pages * page_bytes)});
    }
    table.add_row({"all", grouped(tables.bytes / page_bytes), grouped(tables.bytes)});
    const auto add_flat = [&table](const std::string& name, std::uint64_t bytes) {
        const std::uint64_t pages = (bytes + page_bytes - 1) / page_bytes;
        table.add_row({name, grouped(pages), grouped(bytes)});
    };
    add_flat("a flat table of the user half", tables.flat_bytes);
    add_flat("a flat table of the pages in use", tables.flat_span_bytes);
    return table.text();
}

[[nodiscard]] std::string process_text(std::size_t number, const std::string& name,
                                       const sw::ProcessMemory& memory, unsigned levels) {
    if (memory.exited) {
        return fmt::format("/proc/{}: {} has exited\n\n", number, name);
    }
    const auto heading = [&](std::string_view file) {
        return fmt::format("/proc/{}/{}: {}\n", number, file, name);
    };
    return heading("maps") + maps_text(memory) + '\n' + heading("smaps_rollup") +
           smaps_text(memory.smaps) + '\n' + heading("statm") + statm_text(memory.statm) + '\n' +
           page_table_text(memory.page_tables, levels) + '\n';
}

[[nodiscard]] std::string vmstat_text(const sw::VmStatistics& vmstat) {
    std::string text = "/proc/vmstat\n";
    for_each_field<sw::VmStatistics>([&](const auto& field) {
        text += fmt::format("{} {}\n", field.name, vmstat.*field.member);
    });
    return text;
}

[[nodiscard]] std::string shared_memory_text(const RunResult& result) {
    TextTable table("ipcs -m", {{"bytes"}, {"nattch"}, {"resident"}, {"swapped"}});
    for (const sw::SharedMemoryStatistics& object : result.os.shared_memory) {
        table.add_row({object.name, grouped(object.bytes), grouped(object.attached),
                       grouped(object.resident_pages), grouped(object.swapped_pages)});
    }
    return table.text();
}

}  // namespace

std::string proc_report(const RunResult& result, const Configuration& configuration) {
    const unsigned levels = format_of(configuration.paging.mode).levels;
    std::string text;
    for (std::size_t process = 0; process < result.processes.size(); ++process) {
        text += process_text(process + 1, result.processes[process].name,
                             result.process_memory.at(process), levels);
    }
    return text + vmstat_text(result.os.vmstat) + '\n' + shared_memory_text(result);
}

}  // namespace mmusim::tb
