// SPDX-License-Identifier: Apache-2.0
// Everything that the operating system asks of the machine it runs on. In a simulation each call
// takes time and makes memory traffic; in a test it only counts.
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"

#include <compare>
#include <cstdint>
#include <vector>

namespace mmusim::sw {

/// Names a request to storage that is under way.
struct IoTicket {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const IoTicket&) const = default;
};

/// Where pages are kept outside memory.
enum class StorageArea : std::uint8_t { files, swap };

/// Pages next to each other in storage, and the frames that they come into or go out of.
struct StorageTransfer {
    bool writes = false;
    StorageArea area = StorageArea::files;
    std::uint64_t first_page = 0;  ///< of the area
    std::vector<PhysicalPageNumber> frames;
};

/// What became of a request to storage.
enum class StorageResult : std::uint8_t { done, failed };

struct IoCompletion {
    IoTicket ticket;
    StorageResult result = StorageResult::done;
};

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

    /// The same in no time and without traffic: for those who look on.
    [[nodiscard]] virtual hw::PageTableEntry peek_entry(PhysicalAddress address) = 0;

    virtual void write_entry(PhysicalAddress address, hw::PageTableEntry entry) = 0;

    /// Fills a frame with zeros.
    virtual void clear_frame(PhysicalPageNumber frame) = 0;

    virtual void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) = 0;

    /// Removes translations from every TLB; done when the call returns.
    virtual void fence(const Fence& fence) = 0;

    /// Asks storage to read or write; takes no time itself.
    [[nodiscard]] virtual IoTicket transfer(const StorageTransfer& transfer) = 0;

    /// What storage has come to the end of since this was asked last, in that order.
    [[nodiscard]] virtual std::vector<IoCompletion> completed_transfers() = 0;

    /// Lets time pass, nobody running, until storage has come to the end of a request. One is
    /// under way.
    virtual void wait_for_storage() = 0;
};

}  // namespace mmusim::sw
