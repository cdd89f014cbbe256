// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

namespace mmusim::hw {

/// What a TLB did with the pages of one size.
struct TlbPageSizeStatistics {
    std::uint64_t hits = 0;
    std::uint64_t fills = 0;

    static constexpr auto fields() {
        using S = TlbPageSizeStatistics;
        return std::tuple{
            statistic("hits", &S::hits, "lookup", "lookups that found a page of this size"),
            statistic("fills", &S::fills, "entry", "pages of this size entered"),
        };
    }
};

/// The misses of a TLB by their cause.
struct MissKinds {
    std::uint64_t compulsory = 0;
    std::uint64_t capacity = 0;
    std::uint64_t conflict = 0;

    bool operator==(const MissKinds&) const = default;

    static constexpr auto fields() {
        using S = MissKinds;
        return std::tuple{
            statistic("compulsory", &S::compulsory, "lookup",
                      "misses that were the first lookup of their page"),
            statistic("capacity", &S::capacity, "lookup",
                      "misses that a fully associative LRU TLB of as many entries makes too"),
            statistic("conflict", &S::conflict, "lookup", "misses that it does not make"),
        };
    }
};

/// What one TLB counted. Always lookups = hits + misses, and what it holds is fills - evictions -
/// invalidations - back_invalidations - promotions.
struct TlbStatistics {
    std::uint64_t lookups = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t retry_misses = 0;
    std::uint64_t fills = 0;
    std::uint64_t evictions = 0;
    std::uint64_t invalidations = 0;
    std::uint64_t back_invalidations = 0;
    std::uint64_t promotions = 0;
    std::uint64_t mshr_merges = 0;
    std::uint64_t dirty_updates = 0;
    std::uint64_t multi_hits = 0;
    std::map<PageSize, TlbPageSizeStatistics> by_page_size;
    /// Empty unless it was asked for; else they add up to misses - retry_misses.
    std::optional<MissKinds> miss_kinds{};

    static constexpr auto fields() {
        using S = TlbStatistics;
        return std::tuple{
            statistic("lookups", &S::lookups, "lookup", "requests looked up, retries included"),
            statistic("hits", &S::hits, "lookup",
                      "lookups that found their page, also where permission was then denied"),
            statistic("misses", &S::misses, "lookup", "lookups that did not find their page"),
            statistic("retry_misses", &S::retry_misses, "lookup",
                      "those misses that were made by a retry after a page fault"),
            statistic("fills", &S::fills, "entry", "pages entered"),
            statistic("evictions", &S::evictions, "entry", "valid pages that gave way to a fill"),
            statistic("invalidations", &S::invalidations, "entry", "pages removed by fences"),
            statistic("back_invalidations", &S::back_invalidations, "entry",
                      "pages removed because an inclusive TLB below evicted them"),
            statistic("promotions", &S::promotions, "entry",
                      "pages that a hit moved to the TLB above, out of an exclusive one"),
            statistic("mshr_merges", &S::mshr_merges, "lookup",
                      "misses that joined a miss already under way"),
            statistic("dirty_updates", &S::dirty_updates, "lookup",
                      "hits of a store on a page whose D bit was still clear"),
            statistic("multi_hits", &S::multi_hits, "lookup",
                      "hits where pages of two sizes held the address, which software that fences "
                      "never lets happen; the smaller answered"),
            statistic("by_page_size", &S::by_page_size, "", "hits and fills of each page size"),
            statistic("miss_kinds", &S::miss_kinds, "",
                      "the misses less the retry_misses by their cause"),
        };
    }
};

}  // namespace mmusim::hw
