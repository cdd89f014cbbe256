// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "hw/memory/statistics.hpp"

#include <cstdint>
#include <tuple>

namespace mmusim::hw {

/// What one cache counted. Always accesses = hits + misses and
/// misses = fills + mshr_merges + misses_without_fill.
struct CacheStatistics {
    std::uint64_t transactions = 0;
    std::uint64_t errors = 0;
    std::uint64_t accesses = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t fills = 0;
    std::uint64_t mshr_merges = 0;
    std::uint64_t misses_without_fill = 0;
    std::uint64_t evictions = 0;
    std::uint64_t write_backs = 0;
    std::uint64_t write_throughs = 0;
    Cycles wait_cycles;
    Cycles service_cycles;
    PerEnumerator<MemoryPurpose, std::uint64_t> by_purpose;

    static constexpr auto fields() {
        using S = CacheStatistics;
        return std::tuple{
            statistic("transactions", &S::transactions, "transaction",
                      "reads and writes that arrived; the clearing of a frame is one"),
            statistic("errors", &S::errors, "transaction",
                      "addresses outside the memory, refused and not looked up"),
            statistic("accesses", &S::accesses, "line",
                      "lines looked up; a transaction touches one or more"),
            statistic("hits", &S::hits, "line", "lines that were found"),
            statistic("misses", &S::misses, "line", "lines that were not found"),
            statistic("fills", &S::fills, "line", "misses that fetched their line"),
            statistic("mshr_merges", &S::mshr_merges, "line",
                      "misses that joined a fetch of the same line"),
            statistic("misses_without_fill", &S::misses_without_fill, "line",
                      "misses that needed nothing from below: writes of whole lines, and writes "
                      "that a write-through cache passed on"),
            statistic("evictions", &S::evictions, "line", "valid lines that gave way to another"),
            statistic("write_backs", &S::write_backs, "line",
                      "those of them that were written to the next level, for they were dirty"),
            statistic("write_throughs", &S::write_throughs, "transaction",
                      "writes that a write-through cache passed on"),
            statistic("wait_cycles", &S::wait_cycles, "cycle",
                      "cycles that transactions waited: for an MSHR, for a line already under "
                      "way, or below"),
            statistic("service_cycles", &S::service_cycles, "cycle",
                      "the other cycles from the arrival of transactions to their answers"),
            statistic("by_purpose", &S::by_purpose, "transaction",
                      "the transactions by who made them and why"),
        };
    }
};

}  // namespace mmusim::hw
