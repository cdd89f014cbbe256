// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/access_slot_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

namespace {

MemoryPurpose purpose_of(AccessType type) {
    switch (type) {
        case AccessType::read: return MemoryPurpose::data_read;
        case AccessType::write: return MemoryPurpose::data_write;
        case AccessType::fetch: break;
    }
    return MemoryPurpose::fetch;
}

}  // namespace

void AddressGeneratorModule::Slot::begin(std::uint64_t number, const Access& access) {
    number_ = number;
    type_ = access.type;
    if (!access.crosses_page()) {
        begin_part({.address = access.address, .bytes = access.size_bytes});
        return;
    }
    const VirtualAddress next_page = (page_number_of(access.address) + 1).address();
    const auto bytes_here = static_cast<std::uint32_t>(next_page.value - access.address.value);
    second_half_ = {.address = next_page, .bytes = access.size_bytes - bytes_here};
    begin_part({.address = access.address, .bytes = bytes_here});
}

// Makes the translation that it waits to make.
void AddressGeneratorModule::Slot::go_on() {
    if (state_ == State::second_half) {
        begin_part(*std::exchange(second_half_, std::nullopt));
        return;
    }
    stamp_wait_for_trap();
    core_.traced_state_ = CoreState::retry;
    TranslationRequest request = translation().request;
    request.context = core_.context_;  // another one, perhaps, if it was parked
    payload_.begin(request, true);
    translate();
}

void AddressGeneratorModule::Slot::begin_part(const Part& part) {
    ++core_.totals_.translations;
    bytes_ = part.bytes;
    issued_ = core_.clock_.now();
    fault_outcome_.reset();
    core_.traced_state_ = CoreState::translate;
    payload_.begin({.address = part.address, .type = type_, .context = core_.context_}, false);
    show();
    translate();
}

void AddressGeneratorModule::Slot::show() {
    core_.traced_type_ = type_;
    core_.traced_virtual_address_ = translation().request.address.value;
}

void AddressGeneratorModule::Slot::translate() {
    state_ = State::under_way;
    auto& socket = type_ == AccessType::fetch ? core_.fetch_initiator : core_.data_initiator;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (socket->nb_transport_fw(payload_.payload(), phase, delay) != tlm::TLM_COMPLETED) {
        return;
    }
    const Cycles done = core_.clock_.now() + core_.clock_.to_cycles(delay);
    if (translation().page) {
        translated(done);
        return;
    }
    core_.clock_.at(done, CyclePhase::answer, answer_action_);
}

void AddressGeneratorModule::Slot::take_answer() {
    if (translation().fault) {
        fault();
    } else {
        translated(core_.clock_.now());
    }
}

// The page is known, and from `when` on the access can be made.
void AddressGeneratorModule::Slot::translated(Cycles when) {
    const TranslationExtension& answer = translation();
    core_.traced_physical_address_ = answer.page->physical_address(answer.request.address).value;
    if (core_.parameters_.data_path == DataPath::memory) {
        core_.clock_.at(when, CyclePhase::arbitrate, access_action_);
    } else {
        finish(when);
    }
}

void AddressGeneratorModule::Slot::access_memory() {
    const TranslationExtension& answer = translation();
    core_.traced_state_ = CoreState::access;
    memory_payload_.begin_without_values(
        type_ == AccessType::write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
        answer.page->physical_address(answer.request.address), bytes_, purpose_of(type_));
    asked_memory_at_ = core_.clock_.now();
    auto& socket =
        type_ == AccessType::fetch ? core_.fetch_memory_initiator : core_.data_memory_initiator;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (socket->nb_transport_fw(memory_payload_.payload(), phase, delay) == tlm::TLM_COMPLETED) {
        core_.clock_.at(asked_memory_at_ + core_.clock_.to_cycles(delay), CyclePhase::answer,
                        memory_answer_action_);
    }
}

void AddressGeneratorModule::Slot::take_memory_answer() {
    // What the memory did not need for itself was waiting, wherever that was.
    const Cycles service = memory_payload_.request().timing.service;
    const Cycles waited = core_.clock_.now() - asked_memory_at_ - service;
    translation().latency.add(Stage::data_access, service);
    translation().latency.add(Stage::data_access_wait, waited);
    tell_spent(Stage::data_access, asked_memory_at_, waited);
    if (memory_payload_.failed()) {
        fault();
    } else {
        finish(core_.clock_.now());
    }
}

void AddressGeneratorModule::Slot::fault() {
    state_ = State::faulted;
    faulted_at_ = core_.clock_.now();
    ++core_.faulted_;
    core_.take_trap_if_idle();
}

PageFault AddressGeneratorModule::Slot::take_trap() {
    stamp_wait_for_trap();
    const TranslationExtension& faulted = translation();
    // A translation without a fault: it is the access itself that failed.
    return {.address = faulted.request.address,
            .type = faulted.request.type,
            .cause = faulted.fault.value_or(FaultCause::access_fault)};
}

// From its fault, or from the end of the handler's work for it, until now.
void AddressGeneratorModule::Slot::stamp_wait_for_trap() {
    translation().latency.add(Stage::trap_wait, core_.clock_.now() - faulted_at_);
    tell_spent(Stage::trap_wait, faulted_at_, Cycles{0});
    faulted_at_ = core_.clock_.now();
}

// Until the present cycle.
void AddressGeneratorModule::Slot::tell_spent(Stage stage, Cycles from, Cycles waiting) const {
    if (core_.translation_observer_ != nullptr && from < core_.clock_.now()) {
        core_.translation_observer_->spent({.translation = translation().number,
                                            .stage = stage,
                                            .from = from,
                                            .until = core_.clock_.now(),
                                            .waiting = waiting});
    }
}

void AddressGeneratorModule::Slot::served(Outcome outcome, const LatencyRecord& spent) {
    translation().latency += spent;
    faulted_at_ = core_.clock_.now();
    fault_outcome_ = std::max(fault_outcome_.value_or(outcome), outcome);
}

void AddressGeneratorModule::Slot::wait_for_retry() {
    state_ = State::retrying;
    ++core_.totals_.retries;
}

void AddressGeneratorModule::Slot::give_up(const LatencyRecord& spent) {
    translation().latency += spent;
    second_half_.reset();
    core_.record(*this, core_.clock_.now(), Outcome::invalid_fault);
    state_ = State::free;
}

// The access is not made, because an earlier one ended its program.
void AddressGeneratorModule::Slot::drop() {
    if (core_.translation_observer_ != nullptr) {
        core_.translation_observer_->dropped(translation().number);
    }
    --core_.totals_.accesses;
    --core_.totals_.translations;
    --core_.issued_accesses_;
    core_.program_->give_back();
    second_half_.reset();
    translation().latency = {};
    state_ = State::free;
}

// The translation is done, at `done`, and its access too where there is one.
void AddressGeneratorModule::Slot::finish(Cycles done) {
    core_.record(*this, done, translation().walked ? Outcome::walk : Outcome::hit);
    core_.clock_.at(std::max(done, issued_ + Cycles{1}), CyclePhase::issue, done_action_);
}

void AddressGeneratorModule::Slot::done_with_translation() {
    state_ = second_half_ ? State::second_half : State::free;
    core_.issue();
}

}  // namespace mmusim::hw
