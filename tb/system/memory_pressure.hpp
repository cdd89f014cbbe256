// SPDX-License-Identifier: Apache-2.0
// Whether memory was too small for what ran.
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace mmusim::tb {

/// How short of memory the programs were between two moments.
struct MemoryPressure {
    std::uint64_t accesses = 0;
    Cycles cycles{};
    /// In which nobody could run, for all who would have waited for storage.
    Cycles stalled{};
    std::uint64_t major_faults = 0;
    /// Pages that came back from storage after they had been made to leave.
    std::uint64_t refaults = 0;
    /// Pages that were touched, summed over the processes.
    std::uint64_t working_set_pages = 0;
    /// That there were for data, at the end.
    std::uint64_t frames = 0;

    constexpr bool operator==(const MemoryPressure&) const = default;
};

/// Both together, one after the other. Of two working sets the larger one counts.
[[nodiscard]] constexpr MemoryPressure operator+(const MemoryPressure& earlier,
                                                 const MemoryPressure& later) {
    return {.accesses = earlier.accesses + later.accesses,
            .cycles = earlier.cycles + later.cycles,
            .stalled = earlier.stalled + later.stalled,
            .major_faults = earlier.major_faults + later.major_faults,
            .refaults = earlier.refaults + later.refaults,
            .working_set_pages = std::max(earlier.working_set_pages, later.working_set_pages),
            .frames = later.frames};
}

/// Thrashing: the working sets together are larger than memory (Denning, "Thrashing: its causes and
/// prevention", 1968), pages that had to leave were wanted back, and so the machine stood still for
/// storage, `stall_percent` of the time or more.
[[nodiscard]] constexpr bool thrashes(const MemoryPressure& pressure, std::uint64_t stall_percent) {
    constexpr std::uint64_t whole = 100;
    return pressure.working_set_pages > pressure.frames && pressure.refaults > 0 &&
           pressure.stalled.value * whole >= pressure.cycles.value * stall_percent;
}

/// The verdict over a run that was looked at in intervals.
struct ThrashingStatistics {
    bool detected = false;
    std::uint64_t intervals = 0;
    std::uint64_t thrashing_intervals = 0;
    std::uint64_t largest_working_set_pages = 0;

    constexpr bool operator==(const ThrashingStatistics&) const = default;

    static constexpr auto fields() {
        using S = ThrashingStatistics;
        return std::tuple{
            statistic("detected", &S::detected, "", "whether any interval was one of thrashing"),
            statistic("intervals", &S::intervals, "interval",
                      "intervals, each an entry of `timeline`"),
            statistic("thrashing_intervals", &S::thrashing_intervals, "interval",
                      "those of thrashing"),
            statistic("largest_working_set_pages", &S::largest_working_set_pages, "page",
                      "the most pages that the processes touched in one interval, each its own"),
        };
    }
};

}  // namespace mmusim::tb
