// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/walk_machine_module.hpp"

#include <cstring>

namespace mmusim::tb {

namespace {

constexpr std::uint64_t period_ps = 1000;
constexpr hw::MemoryParameters memory_parameters{
    .base_address = vector_memory_base.value, .size_bytes = vector_memory_bytes, .dram = {}};

hw::TlbParameters l1_parameters() {
    return {.hit_latency_cycles = {1}, .next = "l2"};
}

hw::TlbParameters l2_parameters() {
    return {.sets = 128, .ways = 12, .hit_latency_cycles = {7}};
}

}  // namespace

WalkMachineModule::WalkMachineModule(const sc_core::sc_module_name& name, hw::PagingMode mode)
    : sc_module(name),
      clock_("clock", period_ps),
      l1_("l1", l1_parameters(), {.mode = mode}, 1, clock_),
      l2_("l2", l2_parameters(), {.mode = mode}, 2, clock_),
      walker_("walker", {}, {}, {.mode = mode}, 1, clock_),
      memory_("memory", memory_parameters, clock_) {
    translation_initiator.bind(l1_.upstream_target);
    l1_.downstream_initiator.bind(l2_.upstream_target);
    l2_.downstream_initiator.bind(walker_.upstream_target);
    walker_.memory_initiator.bind(walker_target);
    memory_initiator.bind(memory_.upstream_target);

    translation_initiator.register_nb_transport_bw(this, &WalkMachineModule::end_translation);
    walker_target.register_nb_transport_fw(this, &WalkMachineModule::pass_down);
    memory_initiator.register_nb_transport_bw(this, &WalkMachineModule::pass_up);
}

void WalkMachineModule::begin(const hw::TranslationRequest& request) {
    answered_ = false;
    writes_.clear();
    payload_.begin(request, false);
    payload_.translation().latency = {};
    clock_.at(clock_.now() + Cycles{1}, hw::CyclePhase::issue, issue_action_);
}

void WalkMachineModule::issue() {
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status =
        translation_initiator->nb_transport_fw(payload_.payload(), phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        clock_.at(clock_.now() + clock_.to_cycles(delay), hw::CyclePhase::answer, answer_action_);
    }
}

tlm::tlm_sync_enum WalkMachineModule::end_translation(tlm::tlm_generic_payload& /*payload*/,
                                                      tlm::tlm_phase& phase,
                                                      sc_core::sc_time& /*delay*/) {
    take_answer();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

std::optional<WalkAnswer> WalkMachineModule::answer() const {
    if (!answered_) {
        return std::nullopt;
    }
    const hw::TranslationExtension& translation = payload_.translation();
    WalkAnswer answer{.outcome = {}, .writes = writes_};
    if (translation.fault) {
        answer.outcome = *translation.fault;
    } else {
        answer.outcome = translation.page->physical_address(translation.request.address);
    }
    return answer;
}

void WalkMachineModule::fence() {
    l1_.fence({});
    l2_.fence({});
}

tlm::tlm_sync_enum WalkMachineModule::pass_down(tlm::tlm_generic_payload& payload,
                                                tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    const tlm::tlm_sync_enum status = memory_initiator->nb_transport_fw(payload, phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        note(payload);
    }
    return status;
}

tlm::tlm_sync_enum WalkMachineModule::pass_up(tlm::tlm_generic_payload& payload,
                                              tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    note(payload);
    return walker_target->nb_transport_bw(payload, phase, delay);
}

void WalkMachineModule::note(tlm::tlm_generic_payload& payload) {
    const hw::MemoryExtension& request = hw::memory_request_of(payload);
    if (!request.exchanged) {
        return;
    }
    EntryWrite write{.address = {payload.get_address()},
                     .bytes = payload.get_data_length(),
                     .before = *request.expected};
    std::memcpy(&write.after, payload.get_data_ptr(), write.bytes);
    writes_.push_back(write);
}

std::uint64_t WalkMachineModule::read(PhysicalAddress address, unsigned bytes) {
    debug_payload_.begin_read(address, bytes, hw::MemoryPurpose::table_read);
    memory_initiator->transport_dbg(debug_payload_.payload());
    return debug_payload_.value();
}

void WalkMachineModule::write(PhysicalAddress address, std::uint64_t value, unsigned bytes) {
    debug_payload_.begin_write(address, value, bytes, hw::MemoryPurpose::table_write);
    memory_initiator->transport_dbg(debug_payload_.payload());
}

void WalkMachineModule::clear(PhysicalPageNumber frame) {
    debug_payload_.begin_clear(frame);
    memory_initiator->transport_dbg(debug_payload_.payload());
}

}  // namespace mmusim::tb
