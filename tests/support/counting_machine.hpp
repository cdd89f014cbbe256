// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fence.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/machine.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
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

    void spend(Stage stage, Cycles cost) override {
        counts_.spent.add(stage, cost);
        counts_.stages.push_back(stage);
    }

    [[nodiscard]] hw::PageTableEntry read_entry(PhysicalAddress address) override {
        ++counts_.reads;
        const hw::PageTableEntry entry = entry_at(address);
        if (entry == poison) {
            throw std::logic_error(fmt::format("{} was read before it was cleared", address));
        }
        return entry;
    }

    [[nodiscard]] hw::PageTableEntry peek_entry(PhysicalAddress address) override {
        const hw::PageTableEntry entry = entry_at(address);
        if (entry == poison) {
            throw std::logic_error(fmt::format("{} was looked at before it was cleared", address));
        }
        return entry;
    }

    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override {
        ++counts_.writes;
        poke(address, entry);
    }

    void clear_frame(PhysicalPageNumber frame) override {
        ++counts_.clears;
        frames_[frame] = {.background = {}, .entries = {}};
    }

    void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) override {
        ++counts_.copies;
        frames_[to] = frames_[from];
    }

    void fence(const Fence& fence) override { counts_.fences.push_back(fence); }

    /// Done as soon as it is asked for, or when `finish_transfers` is called, as `storage` says.
    [[nodiscard]] sw::IoTicket transfer(const sw::StorageTransfer& transfer) override {
        counts_.transfers.push_back(transfer);
        const sw::IoTicket ticket{next_ticket_++};
        under_way_.push_back(
            {.ticket = ticket,
             .result = fail_next_ ? sw::StorageResult::failed : sw::StorageResult::done});
        fail_next_ = false;
        if (storage == Storage::instant) {
            finish_transfers();
        }
        return ticket;
    }

    [[nodiscard]] std::vector<sw::IoCompletion> completed_transfers() override {
        return std::exchange(completed_, {});
    }

    void wait_for_storage() override { finish_transfers(); }

    /// Storage comes to the end of all that it was asked for.
    void finish_transfers() {
        completed_.insert(completed_.end(), under_way_.begin(), under_way_.end());
        under_way_.clear();
    }

    /// The next request will fail.
    void fail_next_transfer() { fail_next_ = true; }
    [[nodiscard]] bool next_transfer_fails() const { return fail_next_; }

    enum class Storage : std::uint8_t { instant, slow };
    Storage storage = Storage::instant;

    /// What memory holds; not counted.
    [[nodiscard]] hw::PageTableEntry entry_at(PhysicalAddress address) const {
        const auto frame = frames_.find(page_number_of(address));
        if (frame == frames_.end()) {
            return poison;
        }
        const auto entry = frame->second.entries.find(address.page_offset());
        return entry == frame->second.entries.end() ? frame->second.background : entry->second;
    }

    /// Changes what memory holds; not counted.
    void poke(PhysicalAddress address, hw::PageTableEntry entry) {
        frames_[page_number_of(address)].entries[address.page_offset()] = entry;
    }

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
