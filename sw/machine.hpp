// SPDX-License-Identifier: Apache-2.0
// Everything that the operating system asks of the machine it runs on. In a simulation each call
// takes time and makes memory traffic; in a test it only counts.
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"

#include <cstdint>

namespace mmusim::sw {

class Machine {
  public:
    Machine() = default;
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    Machine(Machine&&) = delete;
    Machine& operator=(Machine&&) = delete;
    virtual ~Machine() = default;

    /// Works for so long; the cycles are booked under `stage`.
    virtual void spend(Stage stage, Cycles cost) = 0;

    /// Reads the page-table entry at `address`, which is inside memory.
    [[nodiscard]] virtual hw::PageTableEntry read_entry(PhysicalAddress address) = 0;

    virtual void write_entry(PhysicalAddress address, hw::PageTableEntry entry) = 0;

    /// Fills a frame with zeros.
    virtual void clear_frame(PhysicalPageNumber frame) = 0;

    /// Removes translations from every TLB; done when the call returns.
    virtual void fence(const Fence& fence) = 0;
};

}  // namespace mmusim::sw
