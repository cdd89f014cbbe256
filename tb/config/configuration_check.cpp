// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_check.hpp"

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/parameters.hpp"
#include "sw/hugetlb/huge_page_pools.hpp"
#include "tb/config/shown_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

// Far more than any TLB or cache has; it keeps a slip of the pen from taking the host's memory.
constexpr std::uint64_t most_tlb_entries = std::uint64_t{1} << 22U;
constexpr std::uint64_t most_cache_lines = std::uint64_t{1} << 24U;

// Every obstacle of a fragmented memory takes room on the host.
constexpr std::uint64_t most_fragmented_bytes = std::uint64_t{1} << 40U;

// An Sv32 satp has 9 bits for the ASID (RISC-V privileged specification, "satp").
constexpr std::uint32_t sv32_asid_bits = 9;

// How the parts of one kind hang together: each names the next, and the last names the end.
struct ChainKind {
    std::string_view group;
    std::string_view part;
    std::string_view end;
    std::string_view end_in_words;
};

constexpr ChainKind tlb_chains{
    .group = "tlbs", .part = "a TLB", .end = walker_name, .end_in_words = "the walker"};
constexpr ChainKind cache_chains{
    .group = "caches", .part = "a cache", .end = memory_name, .end_in_words = "the memory"};

template <typename Part>
[[nodiscard]] std::vector<std::string_view> names_of_parts(const NamedParts<Part>& parts) {
    std::vector<std::string_view> names;
    for (const auto& [name, part] : parts) {
        names.emplace_back(name);
    }
    return names;
}

// Who answers the misses of `part`; the end where that is the end of the chain, or nobody.
template <typename Part>
[[nodiscard]] auto next_of(const ChainKind& kind, const NamedParts<Part>& parts, const Part& part) {
    return part.next == kind.end ? parts.end() : parts.find(part.next);
}

// The parts of the loop that begins and ends at `start`; empty where its chain does not come back.
template <typename Part>
[[nodiscard]] std::vector<std::string> loop_through(const ChainKind& kind,
                                                    const NamedParts<Part>& parts,
                                                    const std::string& start) {
    std::vector<std::string> chain{start};
    auto next = next_of(kind, parts, parts.at(start));
    while (next != parts.end() && chain.size() <= parts.size()) {
        if (next->first == start) {
            return chain;
        }
        chain.push_back(next->first);
        next = next_of(kind, parts, next->second);
    }
    return {};
}

template <typename Part>
void check_loops(const ChainKind& kind, const NamedParts<Part>& parts, Problems& problems) {
    for (const auto& [name, part] : parts) {
        const std::vector<std::string> loop = loop_through(kind, parts, name);
        const bool told_once = !loop.empty() && *std::min_element(loop.begin(), loop.end()) == name;
        if (told_once) {
            problems.push_back(fmt::format(
                "{}.{}.next = {}: the chain {} -> {} is a loop; it must end at {}", kind.group,
                name, shown_value(part.next), fmt::join(loop, " -> "), name, kind.end_in_words));
        }
    }
}

// What may name a part or the end of the chain.
template <typename Part>
void check_link(const ChainKind& kind, const NamedParts<Part>& parts, std::string_view key,
                const std::string& name, Problems& problems) {
    if (name == kind.end || parts.contains(name)) {
        return;
    }
    std::vector<std::string_view> names = names_of_parts(parts);
    names.push_back(kind.end);
    problems.push_back(fmt::format("{} = {}: must name {} or {}; there are: {}", key,
                                   shown_value(name), kind.part, kind.end_in_words,
                                   fmt::join(names, ", ")));
}

template <typename Part>
void check_chains(const ChainKind& kind, const NamedParts<Part>& parts, Problems& problems) {
    if (parts.contains(kind.end)) {
        problems.push_back(fmt::format("{}.{}: must have another name; this one means {}",
                                       kind.group, kind.end, kind.end_in_words));
    }
    for (const auto& [name, part] : parts) {
        check_link(kind, parts, fmt::format("{}.{}.next", kind.group, name), part.next, problems);
    }
    check_loops(kind, parts, problems);
}

void check_chain_starts(const Configuration& configuration, Problems& problems) {
    const auto check_tlb = [&](std::string_view key, const std::string& name) {
        if (!configuration.tlbs.contains(name)) {
            problems.push_back(fmt::format("{} = {}: must name a TLB; there are: {}", key,
                                           shown_value(name),
                                           fmt::join(names_of_parts(configuration.tlbs), ", ")));
        } else if (configuration.tlbs.at(name).same_level) {
            problems.push_back(fmt::format(
                "tlbs.{}.same_level = true: must be false, since {} names it: no TLB is above it",
                name, key));
        }
    };
    check_tlb("cpu.fetch_tlb", configuration.cpu.fetch_tlb);
    check_tlb("cpu.data_tlb", configuration.cpu.data_tlb);

    const auto check_port = [&](std::string_view key, const std::string& name) {
        check_link(cache_chains, configuration.caches, key, name, problems);
    };
    check_port("cpu.software_port", configuration.cpu.software_port);
    check_port("cpu.fetch_port", configuration.cpu.fetch_port);
    check_port("cpu.data_port", configuration.cpu.data_port);
    check_port("walker.memory_port", configuration.walker.memory_port);
}

void check_page_sizes(const Configuration& configuration, const std::string& name,
                      const std::vector<PageSize>& sizes, Problems& problems) {
    const std::vector<PageSize> possible = hw::all_page_sizes(configuration.paging);
    for (auto size = sizes.begin(); size != sizes.end(); ++size) {
        if (std::find(possible.begin(), possible.end(), *size) == possible.end()) {
            problems.push_back(fmt::format(
                "tlbs.{}.page_sizes = {}: must be a page size of {}{}: {}", name, *size,
                configuration.paging.mode, configuration.paging.svnapot ? "" : " without Svnapot",
                fmt::join(possible, ", ")));
        }
        if (std::find(sizes.begin(), size, *size) != size) {
            problems.push_back(
                fmt::format("tlbs.{}.page_sizes = {}: is listed twice", name, *size));
        }
    }
}

void check_tlbs(const Configuration& configuration, Problems& problems) {
    for (const auto& [name, tlb] : configuration.tlbs) {
        const std::uint64_t entries = std::uint64_t{tlb.sets} * tlb.ways;
        if (entries > most_tlb_entries) {
            problems.push_back(
                fmt::format("tlbs.{}: {} sets of {} ways are {} entries; there can be {}", name,
                            tlb.sets, tlb.ways, entries, most_tlb_entries));
        }
        check_page_sizes(configuration, name, tlb.page_sizes, problems);
    }
}

void check_caches(const Configuration& configuration, Problems& problems) {
    for (const auto& [name, cache] : configuration.caches) {
        const std::string part_name = part_name_of_cache(name);
        if (configuration.tlbs.contains(part_name)) {
            problems.push_back(fmt::format(
                "tlbs.{}: must have another name; this one is that of caches.{} among the parts",
                part_name, name));
        }
        const std::uint64_t lines = std::uint64_t{cache.sets} * cache.ways;
        if (lines > most_cache_lines) {
            problems.push_back(
                fmt::format("caches.{}: {} sets of {} ways are {} lines; there can be {}", name,
                            cache.sets, cache.ways, lines, most_cache_lines));
        }
        if (!std::has_single_bit(cache.line_bytes)) {
            problems.push_back(fmt::format("caches.{}.line_bytes = {}: must be a power of two",
                                           name, cache.line_bytes));
        }
    }
}

void check_paging(const hw::PagingParameters& paging, Problems& problems) {
    if (paging.mode == hw::PagingMode::sv32 && paging.asid_bits > sv32_asid_bits) {
        problems.push_back(fmt::format("paging.asid_bits = {}: must be at most {} in sv32",
                                       paging.asid_bits, sv32_asid_bits));
    }
}

void check_dram(const hw::DramParameters& dram, Problems& problems) {
    const auto check_at_most = [&](std::string_view key, std::uint64_t value,
                                   std::string_view other, std::uint64_t most) {
        if (value > most) {
            problems.push_back(fmt::format("memory.dram.{} = {}: must be at most {}, {}", key,
                                           value, other, most));
        }
    };
    if (dram.row_bytes % dram.burst_bytes != 0) {
        problems.push_back(
            fmt::format("memory.dram.row_bytes = {}: must be a multiple of burst_bytes, {}",
                        dram.row_bytes, dram.burst_bytes));
    }
    check_at_most("bank_groups", dram.bank_groups, "banks", dram.banks);
    check_at_most("write_high_watermark", dram.write_high_watermark, "write_queue_entries",
                  dram.write_queue_entries);
    check_at_most("write_low_watermark", dram.write_low_watermark, "write_high_watermark",
                  dram.write_high_watermark);
    const hw::DramTiming& timing = dram.timing;
    const bool refreshes = timing.refresh_interval_cycles > Cycles{0};
    const Cycles closing = timing.row_open_cycles + timing.precharge_cycles + timing.refresh_cycles;
    if (refreshes && timing.refresh_interval_cycles <= closing) {
        problems.push_back(fmt::format(
            "memory.dram.timing.refresh_interval_cycles = {}: must be more than row_open_cycles, "
            "precharge_cycles and refresh_cycles together, {}, or 0",
            timing.refresh_interval_cycles, closing));
    }
}

void check_memory(const Configuration& configuration, Problems& problems) {
    const hw::MemoryParameters& memory = configuration.memory;
    const auto check_whole_frames = [&](std::string_view key, std::uint64_t bytes) {
        if (bytes % page_bytes != 0) {
            problems.push_back(fmt::format("memory.{} = {}: must be a multiple of {}, a frame", key,
                                           bytes, page_bytes));
        }
    };
    check_whole_frames("base_address", memory.base_address);
    check_whole_frames("size_bytes", memory.size_bytes);

    const hw::PagingMode mode = configuration.paging.mode;
    const unsigned address_bits = page_offset_bits + hw::format_of(mode).physical_page_number_bits;
    const std::uint64_t end_of_addresses = std::uint64_t{1} << address_bits;
    if (memory.base_address >= end_of_addresses ||
        memory.size_bytes > end_of_addresses - memory.base_address) {
        problems.push_back(
            fmt::format("memory.size_bytes = {}: memory from {:#x} on must end within the {} "
                        "physical address bits of {}",
                        memory.size_bytes, memory.base_address, address_bits, mode));
    }
    check_dram(memory.dram, problems);
}

// The pages that are kept apart are of sizes that the format has, and not more than memory.
void check_hugetlb(const Configuration& configuration, Problems& problems) {
    const hw::PagingMode mode = configuration.paging.mode;
    const std::vector<PageSize> possible = sw::huge_page_sizes(hw::format_of(mode));
    const sw::HugetlbParameters& hugetlb = configuration.os.hugetlb;
    const auto check_size = [&](std::string_view key, std::uint64_t pages, PageSize size) {
        if (pages > 0 && std::find(possible.begin(), possible.end(), size) == possible.end()) {
            problems.push_back(
                fmt::format("os.hugetlb.{} = {}: must be 0 in {}, whose huge pages are of {}", key,
                            pages, mode, fmt::join(possible, " and ")));
        } else if (pages > configuration.memory.size_bytes / size.bytes()) {
            problems.push_back(fmt::format("os.hugetlb.{} = {}: must be at most {}, all of memory",
                                           key, pages,
                                           configuration.memory.size_bytes / size.bytes()));
        }
    };
    check_size("pages_2mib", hugetlb.pages_2mib, {21});
    check_size("pages_4mib", hugetlb.pages_4mib, {22});
    check_size("pages_1gib", hugetlb.pages_1gib, {30});
}

void check_os(const Configuration& configuration, Problems& problems) {
    check_hugetlb(configuration, problems);
    const std::uint64_t frames = configuration.memory.size_bytes / page_bytes;
    if (configuration.os.user_frames > frames) {
        problems.push_back(fmt::format("os.user_frames = {}: must be at most {}, all of memory",
                                       configuration.os.user_frames, frames));
    }
    if (configuration.os.fragmentation_percent > 0 &&
        configuration.memory.size_bytes > most_fragmented_bytes) {
        problems.push_back(
            fmt::format("os.fragmentation_percent = {}: must be 0 where memory.size_bytes is more "
                        "than {}",
                        configuration.os.fragmentation_percent, most_fragmented_bytes));
    }
    // A page-table entry says where in the swap area its page is.
    const hw::PagingMode mode = configuration.paging.mode;
    const std::uint64_t places = std::uint64_t{1} << hw::format_of(mode).physical_page_number_bits;
    if (configuration.os.swap.size_bytes / page_bytes > places) {
        problems.push_back(
            fmt::format("os.swap.size_bytes = {}: must be at most {} places of {} bytes, which is "
                        "what an entry of {} can name",
                        configuration.os.swap.size_bytes, places, page_bytes, mode));
    }
}

}  // namespace

Problems check(const Configuration& configuration) {
    Problems problems;
    check_paging(configuration.paging, problems);
    check_chain_starts(configuration, problems);
    check_chains(tlb_chains, configuration.tlbs, problems);
    check_tlbs(configuration, problems);
    check_chains(cache_chains, configuration.caches, problems);
    check_caches(configuration, problems);
    check_memory(configuration, problems);
    check_os(configuration, problems);
    return problems;
}

}  // namespace mmusim::tb
