// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_check.hpp"

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/parameters.hpp"
#include "tb/config/shown_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

using Tlbs = NamedParts<hw::TlbParameters>;

// Far more than any TLB has; it keeps a slip of the pen from taking the host's memory.
constexpr std::uint64_t most_tlb_entries = std::uint64_t{1} << 22U;

// An Sv32 satp has 9 bits for the ASID (RISC-V privileged specification, "satp").
constexpr std::uint32_t sv32_asid_bits = 9;

[[nodiscard]] std::string quoted(const std::string& name) {
    return shown_value(name);
}

[[nodiscard]] std::string names_of_tlbs(const Tlbs& tlbs) {
    std::vector<std::string_view> names;
    for (const auto& [name, tlb] : tlbs) {
        names.emplace_back(name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

// Who answers the misses of `tlb`; the end where that is the walker, or nobody.
[[nodiscard]] Tlbs::const_iterator next_of(const Tlbs& tlbs, const hw::TlbParameters& tlb) {
    return tlb.next == walker_name ? tlbs.end() : tlbs.find(tlb.next);
}

// The TLBs of the loop that begins and ends at `start`; empty where its chain does not come back.
[[nodiscard]] std::vector<std::string> loop_through(const Tlbs& tlbs, const std::string& start) {
    std::vector<std::string> chain{start};
    auto next = next_of(tlbs, tlbs.at(start));
    while (next != tlbs.end() && chain.size() <= tlbs.size()) {
        if (next->first == start) {
            return chain;
        }
        chain.push_back(next->first);
        next = next_of(tlbs, next->second);
    }
    return {};
}

void check_loops(const Tlbs& tlbs, Problems& problems) {
    for (const auto& [name, tlb] : tlbs) {
        const std::vector<std::string> loop = loop_through(tlbs, name);
        const bool told_once = !loop.empty() && *std::min_element(loop.begin(), loop.end()) == name;
        if (told_once) {
            problems.push_back(fmt::format(
                "tlbs.{}.next = {}: the chain {} -> {} is a loop; it must end at the walker", name,
                quoted(tlb.next), fmt::join(loop, " -> "), name));
        }
    }
}

void check_chain_starts(const Configuration& configuration, Problems& problems) {
    const auto check_start = [&](std::string_view key, const std::string& name) {
        if (!configuration.tlbs.contains(name)) {
            problems.push_back(fmt::format("{} = {}: must name a TLB; there are: {}", key,
                                           quoted(name), names_of_tlbs(configuration.tlbs)));
        }
    };
    check_start("cpu.fetch_tlb", configuration.cpu.fetch_tlb);
    check_start("cpu.data_tlb", configuration.cpu.data_tlb);
}

void check_chains(const Tlbs& tlbs, Problems& problems) {
    if (tlbs.contains(walker_name)) {
        problems.push_back("tlbs.walker: must have another name; this one means the walker");
    }
    for (const auto& [name, tlb] : tlbs) {
        if (tlb.next != walker_name && !tlbs.contains(tlb.next)) {
            problems.push_back(
                fmt::format("tlbs.{}.next = {}: must name a TLB or the walker; there are: {}, {}",
                            name, quoted(tlb.next), names_of_tlbs(tlbs), walker_name));
        }
    }
    check_loops(tlbs, problems);
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

void check_paging(const hw::PagingParameters& paging, Problems& problems) {
    if (paging.mode == hw::PagingMode::sv32 && paging.asid_bits > sv32_asid_bits) {
        problems.push_back(fmt::format("paging.asid_bits = {}: must be at most {} in sv32",
                                       paging.asid_bits, sv32_asid_bits));
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
    if (memory.dram.row_bytes % memory.dram.burst_bytes != 0) {
        problems.push_back(
            fmt::format("memory.dram.row_bytes = {}: must be a multiple of burst_bytes, {}",
                        memory.dram.row_bytes, memory.dram.burst_bytes));
    }
}

void check_os(const Configuration& configuration, Problems& problems) {
    const std::uint64_t frames = configuration.memory.size_bytes / page_bytes;
    if (configuration.os.user_frames > frames) {
        problems.push_back(fmt::format("os.user_frames = {}: must be at most {}, all of memory",
                                       configuration.os.user_frames, frames));
    }
}

}  // namespace

Problems check(const Configuration& configuration) {
    Problems problems;
    check_paging(configuration.paging, problems);
    check_chain_starts(configuration, problems);
    check_chains(configuration.tlbs, problems);
    check_tlbs(configuration, problems);
    check_memory(configuration, problems);
    check_os(configuration, problems);
    return problems;
}

}  // namespace mmusim::tb
