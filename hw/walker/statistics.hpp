// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/latency_histogram.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

namespace mmusim::hw {

/// What the walks that found a page of one size counted.
struct WalkPageSizeStatistics {
    std::uint64_t walks = 0;
    Cycles service_cycles;

    static constexpr auto fields() {
        using S = WalkPageSizeStatistics;
        return std::tuple{
            statistic("walks", &S::walks, "walk", "walks that found a page of this size"),
            statistic("service_cycles", &S::service_cycles, "cycle",
                      "cycles from taking their requests to answering them"),
        };
    }
};

/// What the walk cache counted. Always lookups = hits + misses.
struct WalkCacheStatistics {
    std::uint64_t lookups = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::array<std::uint64_t, max_levels> hits_by_level{};
    std::uint64_t fills = 0;
    std::uint64_t evictions = 0;
    std::uint64_t invalidations = 0;

    static constexpr auto fields() {
        using S = WalkCacheStatistics;
        return std::tuple{
            statistic("lookups", &S::lookups, "lookup",
                      "kind per_level: walks begun; kind entries: pointers looked for"),
            statistic("hits", &S::hits, "lookup", "lookups that found a pointer"),
            statistic("misses", &S::misses, "lookup", "lookups that found none"),
            statistic("hits_by_level", &S::hits_by_level, "lookup",
                      "the hits by the level whose entry was found"),
            statistic("fills", &S::fills, "pointer", "pointers entered, or entered again"),
            statistic("evictions", &S::evictions, "pointer", "pointers that gave way to a fill"),
            statistic("invalidations", &S::invalidations, "pointer", "pointers removed by fences"),
        };
    }
};

/// What the walkers counted. Always walks = completed + faulted + squashed.
struct WalkerStatistics {
    std::uint64_t walks = 0;
    std::uint64_t completed = 0;
    std::uint64_t faulted = 0;
    std::uint64_t squashed = 0;
    std::uint64_t rewalks = 0;
    std::uint64_t pte_reads = 0;
    std::array<std::uint64_t, max_levels> pte_reads_by_level{};
    std::uint64_t ad_updates = 0;
    Cycles wait_cycles;
    Cycles service_cycles;
    LatencyHistogram wait{};
    LatencyHistogram service{};
    LatencyHistogram pending{};
    std::map<PageSize, WalkPageSizeStatistics> by_page_size{};
    std::array<std::uint64_t, max_levels> ended_by_level{};
    std::optional<WalkCacheStatistics> walk_cache{};

    static constexpr auto fields() {
        using S = WalkerStatistics;
        return std::tuple{
            statistic("walks", &S::walks, "walk", "walks begun"),
            statistic("completed", &S::completed, "walk", "walks that found a page"),
            statistic("faulted", &S::faulted, "walk", "walks that ended in a fault"),
            statistic("squashed", &S::squashed, "walk", "walks given up because of a fence"),
            statistic("rewalks", &S::rewalks, "walk",
                      "walks begun again for the same lookup, or begun by a hit to set D"),
            statistic("pte_reads", &S::pte_reads, "read", "page-table entries read"),
            statistic("pte_reads_by_level", &S::pte_reads_by_level, "read",
                      "the same by level of the table; [0] is the last level"),
            statistic("ad_updates", &S::ad_updates, "write",
                      "page-table entries whose A or D bit the walker set"),
            statistic("wait_cycles", &S::wait_cycles, "cycle",
                      "cycles that requests waited for a free walker"),
            statistic("service_cycles", &S::service_cycles, "cycle",
                      "cycles from taking a request to answering it"),
            statistic("wait", &S::wait, "request",
                      "requests by the cycles they waited, as [low, high, count]"),
            statistic(
                "service", &S::service, "request",
                "requests by the cycles from taking to answering them, as [low, high, count]"),
            statistic("pending", &S::pending, "request",
                      "requests by how many were waiting or walked when they arrived, as "
                      "[low, high, count]"),
            statistic("by_page_size", &S::by_page_size, "",
                      "the completed walks of each page size"),
            statistic("ended_by_level", &S::ended_by_level, "walk",
                      "completed and faulted walks by the level where they ended"),
            statistic("walk_cache", &S::walk_cache, "",
                      "what the cache of pointers did; null if there is none"),
        };
    }
};

}  // namespace mmusim::hw
