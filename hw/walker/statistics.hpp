// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"

#include <array>
#include <cstdint>
#include <tuple>

namespace mmusim::hw {

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
        };
    }
};

}  // namespace mmusim::hw
