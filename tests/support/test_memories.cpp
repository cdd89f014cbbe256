// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_memories.hpp"

#include <cstring>
#include <utility>

namespace mmusim::tests {

TestMemory::TestMemory(const sc_core::sc_module_name& name, hw::ClockModule& clock)
    : sc_module(name), clock_(clock) {
    upstream_target.register_nb_transport_fw(this, &TestMemory::begin_transaction);
    upstream_target.register_transport_dbg(this, &TestMemory::debug_transport);
}

void TestMemory::before_transaction(std::size_t number, std::function<void()> meanwhile) {
    meanwhile_number_ = number;
    meanwhile_ = std::move(meanwhile);
}

tlm::tlm_sync_enum TestMemory::begin_transaction(int upstream, Payload& payload,
                                                 tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    const std::size_t number = transactions_.size();
    if (meanwhile_ && number == meanwhile_number_) {
        meanwhile_();
    }
    transactions_.push_back({.arrival = clock_.now(),
                             .address = {payload.get_address()},
                             .bytes = payload.get_data_length(),
                             .purpose = hw::memory_request_of(payload).purpose});
    take_effect(payload);
    phase = tlm::BEGIN_RESP;
    return answer(number, upstream, payload, delay);
}

unsigned TestMemory::debug_transport(int /*upstream*/, Payload& payload) {
    take_effect(payload);
    return payload.is_response_error() ? 0 : payload.get_data_length();
}

void TestMemory::take_effect(Payload& payload) {
    const PhysicalAddress address{payload.get_address()};
    const unsigned bytes = payload.get_data_length();
    if (!image_.contains(address, bytes)) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    const hw::MemoryPurpose purpose = hw::memory_request_of(payload).purpose;
    if (!hw::moves_values(purpose)) {
        return;
    }
    if (purpose == hw::MemoryPurpose::frame_clear) {
        image_.clear_frame(page_number_of(address));
        return;
    }

    std::uint64_t value = image_.read(address, bytes);
    if (payload.is_read()) {
        std::memcpy(payload.get_data_ptr(), &value, bytes);
        return;
    }
    hw::MemoryExtension& request = hw::memory_request_of(payload);
    request.exchanged = request.expected == value;
    if (request.exchanged || !request.expected) {
        std::memcpy(&value, payload.get_data_ptr(), bytes);
        image_.write(address, value, bytes);
    }
}

tlm::tlm_sync_enum FixedLatencyMemory::answer(std::size_t /*number*/, int /*upstream*/,
                                              Payload& payload, sc_core::sc_time& delay) {
    hw::memory_request_of(payload).timing = {.wait = {}, .service = latency_};
    delay += clock().to_time(latency_);
    return tlm::TLM_COMPLETED;
}

class StallingMemory::LateAnswer final : public hw::Action {
  public:
    LateAnswer(StallingMemory& memory, int upstream, Payload& payload)
        : memory_(memory), upstream_(upstream), payload_(payload) {}

    void perform() override {
        tlm::tlm_phase phase = tlm::BEGIN_RESP;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        memory_.upstream_target[upstream_]->nb_transport_bw(payload_, phase, delay);
    }

  private:
    StallingMemory& memory_;
    int upstream_;
    Payload& payload_;
};

StallingMemory::StallingMemory(const sc_core::sc_module_name& name,
                               std::vector<hw::MemoryTiming> timings, hw::ClockModule& clock)
    : TestMemory(name, clock), timings_(std::move(timings)) {}

StallingMemory::~StallingMemory() = default;

tlm::tlm_sync_enum StallingMemory::answer(std::size_t number, int upstream, Payload& payload,
                                          sc_core::sc_time& /*delay*/) {
    const hw::MemoryTiming& taken = timing(number);
    hw::memory_request_of(payload).timing = taken;
    late_answers_.push_back(std::make_unique<LateAnswer>(*this, upstream, payload));
    clock().at(clock().now() + taken.total(), hw::CyclePhase::answer, *late_answers_.back());
    return tlm::TLM_ACCEPTED;
}

tlm::tlm_sync_enum FailingMemory::answer(std::size_t number, int /*upstream*/, Payload& payload,
                                         sc_core::sc_time& delay) {
    hw::memory_request_of(payload).timing = {.wait = {}, .service = latency_};
    if (number == failing_) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    delay += clock().to_time(latency_);
    return tlm::TLM_COMPLETED;
}

}  // namespace mmusim::tests
