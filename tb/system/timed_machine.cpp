// SPDX-License-Identifier: Apache-2.0
#include "tb/system/timed_machine.hpp"

#include <utility>

namespace mmusim::tb {

TimedMachine::TimedMachine(const Configuration& configuration, hw::ClockModule& clock,
                           StorageRequests& storage, std::function<void()> wait_for_event)
    : memory_is_instant_(configuration.os.memory_accesses == sw::MemoryAccesses::instant),
      waits_for_memory_(configuration.os.memory_accesses == sw::MemoryAccesses::blocking),
      entry_bytes_(hw::format_of(configuration.paging.mode).entry_bytes),
      clock_(clock),
      storage_(storage),
      wait_for_event_(std::move(wait_for_event)) {
    memory_initiator.register_nb_transport_bw(this, &TimedMachine::memory_answered);
}

void TimedMachine::in_no_time(const std::function<void()>& work) {
    timed_ = false;
    work();
    timed_ = true;
}

void TimedMachine::pass(Cycles duration) {
    if (duration > Cycles{0}) {
        clock_.at(clock_.now() + duration, hw::CyclePhase::software, wake_action_);
        sc_core::wait(awake_);
    }
}

void TimedMachine::spend(Stage stage, Cycles cost) {
    if (!timed_) {
        return;
    }
    stage_.begin(stage);
    const Cycles begun = clock_.now();
    pass(cost);
    book(stage, begun);
}

hw::PageTableEntry TimedMachine::read_entry(PhysicalAddress address) {
    hw::MemoryPayload& payload = new_payload();
    payload.begin_read(address, entry_bytes_, hw::MemoryPurpose::table_read);
    transact(payload, Stage::fault_page_table);
    return {payload.value()};
}

hw::PageTableEntry TimedMachine::peek_entry(PhysicalAddress address) {
    hw::MemoryPayload& payload = new_payload();
    payload.begin_read(address, entry_bytes_, hw::MemoryPurpose::table_read);
    memory_initiator->transport_dbg(payload.payload());
    payloads_.give_back(payload);
    return {payload.value()};
}

void TimedMachine::write_entry(PhysicalAddress address, hw::PageTableEntry entry) {
    hw::MemoryPayload& payload = new_payload();
    payload.begin_write(address, entry.raw, entry_bytes_, hw::MemoryPurpose::table_write);
    transact(payload, Stage::fault_page_table);
}

void TimedMachine::clear_frame(PhysicalPageNumber frame) {
    if (contents_ != nullptr) {
        contents_->cleared(frame);
    }
    hw::MemoryPayload& payload = new_payload();
    payload.begin_clear(frame);
    transact(payload, Stage::fault_clear);
}

void TimedMachine::copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) {
    if (contents_ != nullptr) {
        contents_->copied(from, to);
    }
    const auto pass_over = [this](tlm::tlm_command command, PhysicalPageNumber frame) {
        hw::MemoryPayload& payload = new_payload();
        payload.begin_without_values(command, frame.address(), page_bytes,
                                     hw::MemoryPurpose::frame_copy);
        transact(payload, Stage::fault_copy);
    };
    pass_over(tlm::TLM_READ_COMMAND, from);
    pass_over(tlm::TLM_WRITE_COMMAND, to);
}

void TimedMachine::fence(const Fence& fence) {
    for (FenceTarget& target : fence_targets_) {
        target.fence(fence);
    }
}

sw::IoTicket TimedMachine::transfer(const sw::StorageTransfer& transfer) {
    if (contents_ != nullptr) {
        contents_->transferred(transfer);
    }
    return timed_ ? storage_.submit(transfer) : storage_.submit_in_no_time();
}

std::vector<sw::IoCompletion> TimedMachine::completed_transfers() {
    return storage_.take_done();
}

void TimedMachine::wait_for_storage() {
    while (!storage_.any_done()) {
        wait_for_event_();
    }
}

// Sends the payload to memory, and waits for it where the operating system has to. Its value can be
// read until the next is taken.
void TimedMachine::transact(hw::MemoryPayload& payload, Stage stage) {
    if (!timed_ || memory_is_instant_) {
        memory_initiator->transport_dbg(payload.payload());
        payloads_.give_back(payload);
        return;
    }
    stage_.begin(stage);
    const Cycles begun = clock_.now();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status =
        memory_initiator->nb_transport_fw(payload.payload(), phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        payloads_.give_back(payload);
        if (waits_for_memory_) {
            pass(clock_.to_cycles(delay));
        }
    } else if (waits_for_memory_) {
        sc_core::wait(awake_);
    }
    book(stage, begun);
}

// From then until the present cycle.
void TimedMachine::book(Stage stage, Cycles from) {
    const Cycles now = clock_.now();
    spent_.add(stage, now - from);
    if (work_listener_ && from < now) {
        work_listener_(stage, from, now);
    }
}

hw::MemoryPayload& TimedMachine::new_payload() {
    return payloads_.take(payloads_.size());
}

void TimedMachine::wake() {
    awake_.notify();
}

tlm::tlm_sync_enum TimedMachine::memory_answered(tlm::tlm_generic_payload& payload,
                                                 tlm::tlm_phase& phase,
                                                 sc_core::sc_time& /*delay*/) {
    payloads_.give_back(payloads_[hw::memory_request_of(payload).number]);
    if (waits_for_memory_) {
        wake();
    }
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

}  // namespace mmusim::tb
