// SPDX-License-Identifier: Apache-2.0
#include "tb/report/machine_summary.hpp"

#include "tb/report/number_text.hpp"
#include "tb/report/sections.hpp"
#include "tb/system/hierarchy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace mmusim::tb {

namespace {

using Names = std::vector<std::string>;

[[nodiscard]] std::string tlb_text(const Configuration& configuration, const std::string& name) {
    const hw::TlbParameters& tlb = configuration.tlbs.at(name);
    return fmt::format("{} {}x{}", end_of(name, longest_part_name), tlb.sets, tlb.ways);
}

[[nodiscard]] std::string chain_text(const Configuration& configuration, const Names& chain) {
    std::string text;
    for (const std::string& name : chain) {
        text += (text.empty() ? "" : " → ") + tlb_text(configuration, name);
    }
    return chain.size() > 1 ? '(' + text + ')' : text;
}

// What the fetch and the data side have for themselves is shown side by side, what they share once.
[[nodiscard]] std::string hierarchy_text(const Configuration& configuration) {
    Names fetch = chain_from(configuration, configuration.cpu.fetch_tlb);
    Names data = chain_from(configuration, configuration.cpu.data_tlb);
    const auto common = std::mismatch(fetch.rbegin(), fetch.rend(), data.rbegin(), data.rend());
    const Names shared(common.first.base(), fetch.end());
    fetch.erase(common.first.base(), fetch.end());
    data.erase(common.second.base(), data.end());

    std::string text = chain_text(configuration, fetch);
    if (!data.empty()) {
        text += (text.empty() ? "" : ", ") + chain_text(configuration, data);
    }
    for (const std::string& name : shared) {
        text += (text.empty() ? "" : " → ") + tlb_text(configuration, name);
    }
    return text;
}

// The caches that page tables are read through, and what lies behind them.
[[nodiscard]] std::string caches_text(const Configuration& configuration) {
    std::string text;
    for (const std::string& name : caches_from(configuration, configuration.walker.memory_port)) {
        const hw::CacheParameters& cache = configuration.caches.at(name);
        const std::uint64_t lines = std::uint64_t{cache.sets} * cache.ways;
        text += binary_size(lines * cache.line_bytes) + " → ";
    }
    return text;
}

[[nodiscard]] std::string memory_text(const hw::MemoryParameters& memory) {
    switch (memory.kind) {
        case hw::MemoryKind::fixed:
            return fmt::format("memory of {}", counted(memory.latency_cycles.value, "cycle"));
        case hw::MemoryKind::dram:
            return fmt::format("DRAM of {}", counted(std::uint64_t{memory.dram.channels} *
                                                         memory.dram.ranks * memory.dram.banks,
                                                     "bank"));
    }
    return {};
}

}  // namespace

std::string machine_summary(const Configuration& configuration) {
    return fmt::format("{} → {}, {}, {}{}", hierarchy_text(configuration),
                       counted(configuration.walker.count, "walker"), configuration.paging.mode,
                       caches_text(configuration), memory_text(configuration.memory));
}

}  // namespace mmusim::tb
