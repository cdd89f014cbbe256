// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_requester.hpp"

#include <algorithm>

namespace mmusim::tests {

using hw::MemoryPayload;
using hw::MemoryPurpose;

struct MemoryRequester::Request {
    MemoryPayload payload;
    Answer answer;
};

MemoryRequester::MemoryRequester(const sc_core::sc_module_name& name, Simulation& simulation)
    : sc_module(name), simulation_(simulation) {
    initiator.register_nb_transport_bw(this, &MemoryRequester::answered);
}

MemoryRequester::~MemoryRequester() = default;

void MemoryRequester::ask(std::uint64_t cycle, const Begin& begin, hw::CyclePhase phase) {
    requests_.push_back(std::make_unique<Request>());
    Request& request = *requests_.back();
    simulation_.at(Cycles{cycle}, phase, [this, begin, &request] {
        begin(request.payload);
        send(request);
    });
}

std::vector<MemoryRequester::Answer> MemoryRequester::answers() const {
    std::vector<Answer> result;
    for (const auto& request : requests_) {
        Answer answer = request->answer;
        answer.timing = request->payload.request().timing;
        answer.failed = request->payload.failed();
        answer.exchanged = request->payload.request().exchanged;
        answer.value = request->payload.value();
        result.push_back(answer);
    }
    return result;
}

unsigned MemoryRequester::debug(MemoryPayload& payload, const Begin& begin) {
    begin(payload);
    return initiator->transport_dbg(payload.payload());
}

void MemoryRequester::send(Request& request) {
    const Cycles now = simulation_.clock().now();
    request.answer.asked = now;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (initiator->nb_transport_fw(request.payload.payload(), phase, delay) == tlm::TLM_COMPLETED) {
        request.answer.came = true;
        request.answer.at_once = true;
        request.answer.answered = now + simulation_.clock().to_cycles(delay);
    }
}

tlm::tlm_sync_enum MemoryRequester::answered(tlm::tlm_generic_payload& payload,
                                             tlm::tlm_phase& phase, sc_core::sc_time& /*delay*/) {
    const auto request = std::find_if(
        requests_.begin(), requests_.end(),
        [&payload](const auto& candidate) { return &candidate->payload.payload() == &payload; });
    (*request)->answer.came = true;
    (*request)->answer.answered = simulation_.clock().now();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

MemoryRequester::Begin read_at(PhysicalAddress address, unsigned bytes, MemoryPurpose purpose) {
    return [=](MemoryPayload& payload) { payload.begin_read(address, bytes, purpose); };
}

MemoryRequester::Begin write_at(PhysicalAddress address, std::uint64_t value, unsigned bytes) {
    return [=](MemoryPayload& payload) {
        payload.begin_write(address, value, bytes, MemoryPurpose::table_write);
    };
}

MemoryRequester::Begin exchange_at(PhysicalAddress address, std::uint64_t expected,
                                   std::uint64_t value, unsigned bytes) {
    return [=](MemoryPayload& payload) {
        payload.begin_exchange(address, expected, value, bytes, MemoryPurpose::ad_update);
    };
}

MemoryRequester::Begin clear_at(PhysicalAddress address) {
    return [=](MemoryPayload& payload) { payload.begin_clear(page_number_of(address)); };
}

MemoryRequester::Begin without_values_at(tlm::tlm_command command, PhysicalAddress address,
                                         unsigned bytes, MemoryPurpose purpose) {
    return [=](MemoryPayload& payload) {
        payload.begin_without_values(command, address, bytes, purpose);
    };
}

}  // namespace mmusim::tests
