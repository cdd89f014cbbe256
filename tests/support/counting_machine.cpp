// SPDX-License-Identifier: Apache-2.0
#include "tests/support/counting_machine.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace mmusim::tests {

void CountingMachine::spend(Stage stage, Cycles cost) {
    counts_.spent.add(stage, cost);
    counts_.stages.push_back(stage);
}

hw::PageTableEntry CountingMachine::read_entry(PhysicalAddress address) {
    ++counts_.reads;
    const hw::PageTableEntry entry = entry_at(address);
    if (entry == poison) {
        throw std::logic_error(fmt::format("{} was read before it was cleared", address));
    }
    return entry;
}

hw::PageTableEntry CountingMachine::peek_entry(PhysicalAddress address) {
    const hw::PageTableEntry entry = entry_at(address);
    if (entry == poison) {
        throw std::logic_error(fmt::format("{} was looked at before it was cleared", address));
    }
    return entry;
}

void CountingMachine::write_entry(PhysicalAddress address, hw::PageTableEntry entry) {
    ++counts_.writes;
    poke(address, entry);
}

void CountingMachine::clear_frame(PhysicalPageNumber frame) {
    ++counts_.clears;
    frames_[frame] = {.background = {}, .entries = {}};
}

void CountingMachine::copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) {
    ++counts_.copies;
    frames_[to] = frames_[from];
}

sw::IoTicket CountingMachine::transfer(const sw::StorageTransfer& transfer) {
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

std::vector<sw::IoCompletion> CountingMachine::completed_transfers() {
    return std::exchange(completed_, {});
}

void CountingMachine::finish_transfers() {
    completed_.insert(completed_.end(), under_way_.begin(), under_way_.end());
    under_way_.clear();
}

hw::PageTableEntry CountingMachine::entry_at(PhysicalAddress address) const {
    const auto frame = frames_.find(page_number_of(address));
    if (frame == frames_.end()) {
        return poison;
    }
    const auto entry = frame->second.entries.find(address.page_offset());
    return entry == frame->second.entries.end() ? frame->second.background : entry->second;
}

void CountingMachine::poke(PhysicalAddress address, hw::PageTableEntry entry) {
    frames_[page_number_of(address)].entries[address.page_offset()] = entry;
}

}  // namespace mmusim::tests
