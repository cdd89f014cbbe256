// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string dram_section(const hw::DramStatistics& dram) {
    const std::uint64_t bursts = dram.row_hits + dram.row_misses + dram.row_conflicts;
    TextTable table("DRAM bursts", {{"count"}, {"share"}});
    table.add_row({"row hit", grouped_short(dram.row_hits), percentage(dram.row_hits, bursts)});
    table.add_row(
        {"no row open", grouped_short(dram.row_misses), percentage(dram.row_misses, bursts)});
    table.add_row({"another row open", grouped_short(dram.row_conflicts),
                   percentage(dram.row_conflicts, bursts)});
    table.add_row({"read", grouped_short(dram.read_bursts), percentage(dram.read_bursts, bursts)});
    table.add_row(
        {"written", grouped_short(dram.write_bursts), percentage(dram.write_bursts, bursts)});
    return table.text();
}

// Empty unless the misses were told apart.
[[nodiscard]] std::string miss_kinds_table(const RunResult& result) {
    TextTable table("Misses by cause",
                    {{"compulsory"}, {"share"}, {"capacity"}, {"share"}, {"conflict"}, {"share"}});
    for (const auto& [name, tlb] : result.tlbs) {
        if (tlb.miss_kinds) {
            const hw::MissKinds& kinds = *tlb.miss_kinds;
            const std::uint64_t all = kinds.compulsory + kinds.capacity + kinds.conflict;
            table.add_row({end_of(name, longest_part_name), grouped_short(kinds.compulsory),
                           percentage(kinds.compulsory, all), grouped_short(kinds.capacity),
                           percentage(kinds.capacity, all), grouped_short(kinds.conflict),
                           percentage(kinds.conflict, all)});
        }
    }
    return table.empty() ? "" : '\n' + table.text();
}

}  // namespace

std::string tlb_section(const RunResult& result) {
    constexpr std::uint64_t per_accesses = 1000;
    TextTable table("TLB", {{"lookups"},
                            {"hits"},
                            {"misses"},
                            {"share"},
                            {"per 1,000"},
                            {"evicted"},
                            {"invalidated"}});
    for (const auto& [name, tlb] : result.tlbs) {
        table.add_row({end_of(name, longest_part_name), grouped_short(tlb.lookups),
                       grouped_short(tlb.hits), grouped_short(tlb.misses),
                       percentage(tlb.misses, tlb.lookups),
                       quotient(tlb.misses * per_accesses, result.totals.accesses),
                       grouped_short(tlb.evictions), grouped_short(tlb.invalidations)});
    }
    return table.empty() ? ""
                         : "TLB misses as a share of the lookups and per 1,000 accesses\n" +
                               table.text() + miss_kinds_table(result);
}

std::string walker_section(const RunResult& result, const Configuration& configuration) {
    const hw::WalkerStatistics& walker = result.walker;
    TextTable table("Walker", {{"count"}, {"per walk"}});
    const auto add = [&](const std::string& name, std::uint64_t count) {
        table.add_row({name, grouped_short(count), quotient(count, walker.walks)});
    };
    add("walks", walker.walks);
    add("completed", walker.completed);
    add("faulted", walker.faulted);
    add("squashed", walker.squashed);
    add("rewalks", walker.rewalks);
    add("PTE reads", walker.pte_reads);
    for (unsigned level = format_of(configuration.paging.mode).levels; level > 0; --level) {
        add(fmt::format("  at level {}", level - 1), walker.pte_reads_by_level.at(level - 1));
    }
    add("A/D updates", walker.ad_updates);
    add("cycles of waiting", walker.wait_cycles.value);
    add("cycles of service", walker.service_cycles.value);
    return table.text();
}

std::string cache_section(const RunResult& result) {
    TextTable table("Cache", {{"lines looked up"},
                              {"hits"},
                              {"misses"},
                              {"share"},
                              {"merged"},
                              {"evicted"},
                              {"written back"}});
    for (const auto& [name, cache] : result.caches) {
        table.add_row({end_of(name, longest_part_name), grouped_short(cache.accesses),
                       grouped_short(cache.hits), grouped_short(cache.misses),
                       percentage(cache.misses, cache.accesses), grouped_short(cache.mshr_merges),
                       grouped_short(cache.evictions), grouped_short(cache.write_backs)});
    }
    return table.empty() ? "" : table.text();
}

std::string memory_section(const RunResult& result, const Configuration& configuration) {
    const hw::MemoryStatistics& memory = result.memory;
    const std::uint64_t all = memory.reads + memory.writes;
    TextTable table("Memory", {{"count"}, {"per transaction"}});
    const auto add = [&](const std::string& name, std::uint64_t count) {
        table.add_row({name, grouped_short(count), quotient(count, all)});
    };
    add("transactions", all);
    for (std::size_t purpose = 0; purpose < memory.by_purpose.values.size(); ++purpose) {
        if (memory.by_purpose.values[purpose] > 0) {
            add(fmt::format("  {}", names_of<hw::MemoryPurpose>[purpose]),
                memory.by_purpose.values[purpose]);
        }
    }
    add("reads", memory.reads);
    add("writes", memory.writes);
    if (memory.errors != 0) {
        add("outside the memory", memory.errors);
    }
    add("bytes read", memory.bytes_read);
    add("bytes written", memory.bytes_written);
    add("cycles of waiting", memory.wait_cycles.value);
    add("cycles of service", memory.service_cycles.value);
    const bool has_rows = configuration.memory.kind == hw::MemoryKind::dram;
    return table.text() + (has_rows ? '\n' + dram_section(memory.dram) : "");
}

}  // namespace mmusim::tb
