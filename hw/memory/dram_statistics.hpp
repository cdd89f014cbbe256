// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <cstdint>
#include <tuple>

namespace mmusim::hw {

/// What DRAM did. When nothing is under way,
/// read_bursts + write_bursts = row_hits + row_misses + row_conflicts.
struct DramStatistics {
    std::uint64_t read_bursts = 0;
    std::uint64_t write_bursts = 0;
    std::uint64_t forwarded_reads = 0;
    std::uint64_t row_hits = 0;
    std::uint64_t row_misses = 0;
    std::uint64_t row_conflicts = 0;
    std::uint64_t activates = 0;
    std::uint64_t precharges = 0;
    std::uint64_t refreshes = 0;
    Cycles read_queue_cycles;
    Cycles write_queue_cycles;
    Cycles outside_wait_cycles;

    static constexpr auto fields() {
        using S = DramStatistics;
        return std::tuple{
            statistic("read_bursts", &S::read_bursts, "burst", "bursts read"),
            statistic("write_bursts", &S::write_bursts, "burst", "bursts written"),
            statistic("forwarded_reads", &S::forwarded_reads, "burst",
                      "bursts that were read from the queue of writes, without DRAM"),
            statistic("row_hits", &S::row_hits, "burst",
                      "bursts that found their row open when their turn came"),
            statistic("row_misses", &S::row_misses, "burst", "bursts that found no row open"),
            statistic("row_conflicts", &S::row_conflicts, "burst",
                      "bursts that found another row open"),
            statistic("activates", &S::activates, "command", "rows opened"),
            statistic("precharges", &S::precharges, "row",
                      "rows closed, by a command, with an access or for a refresh"),
            statistic("refreshes", &S::refreshes, "command", "refreshes of a rank"),
            statistic("read_queue_cycles", &S::read_queue_cycles, "cycle",
                      "cycles that bursts were in the queues of reads; divided by the cycles of "
                      "the run, their mean occupancy"),
            statistic("write_queue_cycles", &S::write_queue_cycles, "cycle",
                      "the same of the queues of writes"),
            statistic("outside_wait_cycles", &S::outside_wait_cycles, "cycle",
                      "cycles that bursts waited for room in a queue"),
        };
    }
};

}  // namespace mmusim::hw
