// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram.hpp"

#include <algorithm>

namespace mmusim::hw {

Dram::Dram(const DramParameters& parameters) : parameters_(parameters), banks_(parameters.banks) {}

MemoryTiming Dram::access(PhysicalAddress address, std::uint64_t bytes, Cycles arrival) {
    const std::uint64_t burst_bytes = parameters_.burst_bytes;
    const std::uint64_t first = address.value / burst_bytes;
    const std::uint64_t last = (address.value + bytes - 1) / burst_bytes;
    const Cycles ready = arrival + parameters_.controller_cycles;

    // The bursts of one transaction follow each other; what it waited is what its first one did.
    const Burst head = burst({first * burst_bytes}, ready);
    Cycles done = head.done;
    for (std::uint64_t number = first + 1; number <= last; ++number) {
        done = burst({number * burst_bytes}, ready).done;
    }
    return {.wait = head.waited, .service = done - arrival - head.waited};
}

Dram::Burst Dram::burst(PhysicalAddress address, Cycles ready) {
    const std::uint64_t row_number = address.value / parameters_.row_bytes;
    Bank& bank = banks_[row_number % banks_.size()];

    const Cycles start = std::max(ready, bank.free_from);
    const Cycles column_command = start + open(bank, row_number / banks_.size());
    const Cycles data_ready = column_command + parameters_.column_cycles;
    const Cycles data_start = std::max(data_ready, bus_free_from_);
    const Cycles bus_wait = data_start - data_ready;

    bus_free_from_ = data_start + parameters_.burst_cycles;
    // The next column command may follow as soon as the bus can carry its data.
    bank.free_from = column_command + bus_wait + parameters_.burst_cycles;
    return {.waited = start - ready + bus_wait, .done = bus_free_from_};
}

// Opens the row if it is not; returns how long that takes.
Cycles Dram::open(Bank& bank, std::uint64_t row) {
    if (bank.open_row == row) {
        ++statistics_.row_hits;
        return Cycles{0};
    }
    const bool conflict = bank.open_row.has_value();
    bank.open_row = row;
    if (conflict) {
        ++statistics_.row_conflicts;
        return parameters_.precharge_cycles + parameters_.activate_cycles;
    }
    ++statistics_.row_misses;
    return parameters_.activate_cycles;
}

}  // namespace mmusim::hw
