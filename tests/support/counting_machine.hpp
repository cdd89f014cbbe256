// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fence.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/machine.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace mmusim::tests {

/// A machine without time: it holds what is written and counts what is asked of it. A frame that
/// was never cleared holds poison, which the operating system must not read.
class CountingMachine : public sw::Machine {
  public:
    static constexpr hw::PageTableEntry poison{~std::uint64_t{0}};

    struct Counts {
        std::uint64_t reads = 0;
        std::uint64_t writes = 0;
        std::uint64_t clears = 0;
        std::uint64_t copies = 0;
        std::vector<sw::StorageTransfer> transfers{};
        std::vector<Fence> fences{};
        /// Everything spent, and the stages in the order in which they were worked on.
        LatencyRecord spent{};
        std::vector<Stage> stages{};
    };

    void spend(Stage stage, Cycles cost) override;
    [[nodiscard]] hw::PageTableEntry read_entry(PhysicalAddress address) override;
    [[nodiscard]] hw::PageTableEntry peek_entry(PhysicalAddress address) override;
    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override;
    void clear_frame(PhysicalPageNumber frame) override;
    void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) override;
    void fence(const Fence& fence) override { counts_.fences.push_back(fence); }

    /// Done as soon as it is asked for, or when `finish_transfers` is called, as `storage` says.
    [[nodiscard]] sw::IoTicket transfer(const sw::StorageTransfer& transfer) override;

    [[nodiscard]] std::vector<sw::IoCompletion> completed_transfers() override;

    void wait_for_storage() override { finish_transfers(); }

    /// Storage comes to the end of all that it was asked for.
    void finish_transfers();

    /// The next request will fail.
    void fail_next_transfer() { fail_next_ = true; }
    [[nodiscard]] bool next_transfer_fails() const { return fail_next_; }

    enum class Storage : std::uint8_t { instant, slow };
    Storage storage = Storage::instant;

    /// What memory holds; not counted.
    [[nodiscard]] hw::PageTableEntry entry_at(PhysicalAddress address) const;

    /// Changes what memory holds; not counted.
    void poke(PhysicalAddress address, hw::PageTableEntry entry);

    [[nodiscard]] const Counts& counts() const { return counts_; }
    void reset_counts() { counts_ = {}; }

  private:
    struct Frame {
        hw::PageTableEntry background = poison;
        std::map<std::uint64_t, hw::PageTableEntry> entries{};  // by offset
    };

    std::uint64_t next_ticket_ = 0;
    bool fail_next_ = false;
    std::vector<sw::IoCompletion> under_way_;
    std::vector<sw::IoCompletion> completed_;
    std::map<PhysicalPageNumber, Frame> frames_;
    Counts counts_;
};

}  // namespace mmusim::tests
