// SPDX-License-Identifier: Apache-2.0
// One machine, whole: every parameter of every part, under the keys that the configuration files,
// `--set` and the results use.
#pragma once

#include "hw/base/fields.hpp"
#include "hw/cache/parameters.hpp"
#include "hw/cpu/parameters.hpp"
#include "hw/memory/parameters.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/storage/storage_parameters.hpp"
#include "hw/tlb/parameters.hpp"
#include "hw/walker/parameters.hpp"
#include "hw/walker/walk_cache_parameters.hpp"
#include "sw/parameters.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace mmusim::tb {

/// Parts of one kind by name, in alphabetical order.
template <typename Parameters>
using NamedParts = std::map<std::string, Parameters, std::less<>>;

/// What stands for a TLB in the place of a name: the end of every chain of TLBs.
inline constexpr std::string_view walker_name = "walker";

/// What stands for a cache in the place of a name: the end of every chain of caches.
inline constexpr std::string_view memory_name = "memory";

/// What a cache is called among the parts of the machine, where a TLB may have its own name.
[[nodiscard]] inline std::string part_name_of_cache(std::string_view cache) {
    return std::string(cache) + "_cache";
}

struct ClockParameters {
    std::uint64_t period_ps = 1000;

    static constexpr auto fields() {
        using P = ClockParameters;
        return std::tuple{
            parameter("period_ps", &P::period_ps, "length of a clock cycle",
                      Range{1, 1'000'000'000}),
        };
    }
};

/// What is counted beyond what always is.
struct StatisticsParameters {
    bool miss_kinds = false;

    static constexpr auto fields() {
        using P = StatisticsParameters;
        return std::tuple{
            parameter("miss_kinds", &P::miss_kinds,
                      "whether the misses of each TLB are told apart: compulsory, capacity, "
                      "conflict"),
        };
    }
};

/// What the operating system does, and the devices that it has for that.
struct SoftwareParameters : sw::OsParameters {
    hw::StorageParameters storage{};
    bool swap_has_own_device = false;
    hw::StorageParameters swap_storage{};

    static constexpr auto fields() {
        using P = SoftwareParameters;
        return std::tuple_cat(
            sw::OsParameters::fields(),
            std::tuple{
                parameter("storage", &P::storage,
                          "the device that holds the files, and the swap area if that has none"),
                parameter("swap_has_own_device", &P::swap_has_own_device,
                          "the swap area is on the device that swap_storage describes"),
                parameter("swap_storage", &P::swap_storage,
                          "the device of the swap area, if it has its own"),
            });
    }
};

struct Configuration {
    hw::PagingParameters paging;
    NamedParts<hw::TlbParameters> tlbs;
    hw::CpuParameters cpu;
    hw::WalkerParameters walker;
    hw::WalkCacheParameters walk_cache;
    NamedParts<hw::CacheParameters> caches;
    hw::MemoryParameters memory;
    SoftwareParameters os;
    ClockParameters clock;
    StatisticsParameters stats;
    std::uint64_t seed = 1;

    static constexpr auto fields() {
        using P = Configuration;
        return std::tuple{
            parameter("paging", &P::paging, "the page-table format and its extensions"),
            parameter("tlbs", &P::tlbs,
                      "the TLBs by name; each says who answers its misses, so that any hierarchy "
                      "can be described"),
            parameter("cpu", &P::cpu, "the core, and where its two chains of TLBs begin"),
            parameter("walker", &P::walker, "the page-table walkers, last in every chain"),
            parameter("walk_cache", &P::walk_cache,
                      "the walkers' cache of upper page-table levels"),
            parameter("caches", &P::caches,
                      "the data caches by name; each says who answers its misses"),
            parameter("memory", &P::memory, "physical memory and its controller"),
            parameter("os", &P::os, "what the operating system does, and what that costs"),
            parameter("clock", &P::clock, "the one clock of the machine"),
            parameter("stats", &P::stats, "what is counted beyond what always is"),
            parameter("seed", &P::seed, "where every generator of random numbers starts"),
        };
    }
};

}  // namespace mmusim::tb
