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
#include <vector>

namespace mmusim::tests {

/// A machine without time: it holds what is written and counts what is asked of it. A frame that
/// was never cleared holds poison, which the operating system must not read.
class CountingMachine final : public sw::Machine {
  public:
    static constexpr hw::PageTableEntry poison{~std::uint64_t{0}};

    struct Counts {
        std::uint64_t reads = 0;
        std::uint64_t writes = 0;
        std::uint64_t clears = 0;
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

    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override {
        ++counts_.writes;
        poke(address, entry);
    }

    void clear_frame(PhysicalPageNumber frame) override {
        ++counts_.clears;
        frames_[frame] = {.background = {}, .entries = {}};
    }

    void fence(const Fence& fence) override { counts_.fences.push_back(fence); }

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

    std::map<PhysicalPageNumber, Frame> frames_;
    Counts counts_;
};

}  // namespace mmusim::tests
