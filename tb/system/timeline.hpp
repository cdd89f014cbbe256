// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/cpu/address_generator_module.hpp"
#include "tb/config/configuration.hpp"
#include "tb/system/memory_pressure.hpp"
#include "tb/system/result.hpp"
#include "tb/system/system_module.hpp"
#include "tb/system/working_sets.hpp"

#include <cstdint>
#include <vector>

namespace mmusim::tb {

/// Looks at the machine at the end of each interval, and at every access in between.
class Timeline {
  public:
    explicit Timeline(const sw::OsParameters& parameters)
        : user_frames_(parameters.user_frames),
          stall_percent_(parameters.thrashing_stall_percent) {}

    /// The first interval begins; the machine's figures have begun anew, if they do.
    void begin(const SystemModule& system);
    /// A translation of the running process has ended.
    void note(const SystemModule& system, const hw::FinishedTranslation& finished);
    void end_interval(const SystemModule& system);

    [[nodiscard]] const std::vector<TimelineEntry>& entries() const { return entries_; }
    [[nodiscard]] ThrashingStatistics thrashing() const;

  private:
    /// Counts so far.
    struct Counts {
        std::uint64_t accesses = 0;
        Cycles now{};
        Cycles stalled{};
        std::uint64_t major_faults = 0;
        std::uint64_t refaults = 0;
    };

    [[nodiscard]] static Counts counts_of(const SystemModule& system);
    [[nodiscard]] MemoryPressure pressure_until(const Counts& counts) const;
    [[nodiscard]] std::uint64_t data_frames(const sw::FrameStatistics& frames) const;

    std::uint64_t user_frames_;
    std::uint64_t stall_percent_;
    WorkingSets working_sets_;
    Counts begun_;  // the interval
    std::vector<TimelineEntry> entries_;
};

}  // namespace mmusim::tb
