// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/memory/parameters.hpp"
#include "hw/memory/statistics.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// How long a transaction waited for its turn, and how long it then took.
struct MemoryTiming {
    Cycles wait;
    Cycles service;

    bool operator==(const MemoryTiming&) const = default;

    [[nodiscard]] Cycles total() const { return wait + service; }
};

/// One rank of DRAM as a function of arrival times: banks that keep one row open, behind one data
/// bus, served first come, first served. Nothing ticks; a bank's state is the time from which it is
/// free.
class Dram {
  public:
    explicit Dram(const DramParameters& parameters);

    /// A transaction that arrives at `arrival`, not before any earlier one.
    [[nodiscard]] MemoryTiming access(PhysicalAddress address, std::uint64_t bytes, Cycles arrival);

    [[nodiscard]] const DramStatistics& statistics() const { return statistics_; }
    void reset_statistics() { statistics_ = {}; }

  private:
    struct Bank {
        std::optional<std::uint64_t> open_row;
        Cycles free_from;
    };

    // One column access: how long it waited, and when its data has passed.
    struct Burst {
        Cycles waited;
        Cycles done;
    };

    [[nodiscard]] Burst burst(PhysicalAddress address, Cycles ready);
    [[nodiscard]] Cycles open(Bank& bank, std::uint64_t row);

    DramParameters parameters_;
    std::vector<Bank> banks_;
    Cycles bus_free_from_;
    DramStatistics statistics_;
};

}  // namespace mmusim::hw
