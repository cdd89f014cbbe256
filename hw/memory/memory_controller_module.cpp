// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/memory_controller_module.hpp"

#include "hw/base/wave_module.hpp"
#include "hw/memory/memory_payload_module.hpp"

namespace mmusim::hw {

MemoryControllerModule::MemoryControllerModule(const sc_core::sc_module_name& name,
                                               const MemoryParameters& parameters,
                                               ClockModule& clock)
    : sc_module(name),
      parameters_(parameters),
      clock_(clock),
      memory_({parameters.base_address}, parameters.size_bytes) {
    if (parameters_.kind == MemoryKind::dram) {
        dram_.emplace(parameters_.dram, PhysicalAddress{parameters.base_address},
                      parameters.size_bytes, static_cast<DramClient&>(*this), clock);
    }
    upstream_target.register_nb_transport_fw(this, &MemoryControllerModule::begin_transaction);
    upstream_target.register_transport_dbg(this, &MemoryControllerModule::debug_transport);
}

MemoryStatistics MemoryControllerModule::statistics() const {
    MemoryStatistics result = statistics_;
    if (dram_) {
        result.dram = dram_->statistics();
    }
    return result;
}

void MemoryControllerModule::reset_statistics() {
    statistics_ = {};
    if (dram_) {
        dram_->reset_statistics();
    }
}

tlm::tlm_sync_enum MemoryControllerModule::begin_transaction(int upstream,
                                                             tlm::tlm_generic_payload& payload,
                                                             tlm::tlm_phase& phase,
                                                             sc_core::sc_time& delay) {
    MemoryExtension& request = memory_request_of(payload);
    const bool exists = contains(payload);
    if (exists) {
        take_effect(payload);
        count_arrival(payload, request.purpose);
    } else {
        ++statistics_.errors;
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    ++traced_count_;
    if (traced_) {
        show(payload, request);
    }
    if (exists && dram_) {
        dram_->begin(upstream, payload);
        return tlm::TLM_ACCEPTED;
    }
    request.timing = {
        .wait = {},
        .service = dram_ ? parameters_.dram.controller_cycles : parameters_.latency_cycles};
    if (exists) {
        count_timing(request.timing);
    }
    if (traced_) {
        traced_end_.name(clock_.now() + request.timing.total());
    }
    delay += clock_.to_time(request.timing.total());
    phase = tlm::BEGIN_RESP;
    return tlm::TLM_COMPLETED;
}

void MemoryControllerModule::transaction_done(int upstream, tlm::tlm_generic_payload& payload) {
    count_timing(memory_request_of(payload).timing);
    if (traced_ && traced_payload_ == &payload) {
        traced_purpose_.end();
    }
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    upstream_target[upstream]->nb_transport_bw(payload, phase, delay);
}

unsigned MemoryControllerModule::debug_transport(int /*upstream*/,
                                                 tlm::tlm_generic_payload& payload) {
    if (!contains(payload)) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return 0;
    }
    take_effect(payload);
    return payload.get_data_length();
}

bool MemoryControllerModule::contains(const tlm::tlm_generic_payload& payload) const {
    return memory_.contains({payload.get_address()}, payload.get_data_length());
}

void MemoryControllerModule::take_effect(tlm::tlm_generic_payload& payload) {
    MemoryExtension& request = memory_request_of(payload);
    const PhysicalAddress address{payload.get_address()};
    const unsigned bytes = payload.get_data_length();
    payload.set_response_status(tlm::TLM_OK_RESPONSE);

    if (!moves_values(request.purpose)) {
        return;
    }
    if (payload.is_read()) {
        const std::uint64_t value = memory_.read(address, bytes);
        std::memcpy(payload.get_data_ptr(), &value, bytes);
    } else if (request.purpose == MemoryPurpose::frame_clear) {
        memory_.clear_frame(page_number_of(address));
    } else if (request.expected) {
        request.exchanged =
            exchange(address, *request.expected, word_of(payload, request.purpose), bytes);
    } else {
        memory_.write(address, word_of(payload, request.purpose), bytes);
    }
}

bool MemoryControllerModule::exchange(PhysicalAddress address, std::uint64_t expected,
                                      std::uint64_t desired, unsigned bytes) {
    if (memory_.read(address, bytes) != expected) {
        return false;
    }
    memory_.write(address, desired, bytes);
    return true;
}

void MemoryControllerModule::count_arrival(const tlm::tlm_generic_payload& payload,
                                           MemoryPurpose purpose) {
    if (payload.is_read()) {
        ++statistics_.reads;
        statistics_.bytes_read += payload.get_data_length();
    } else {
        ++statistics_.writes;
        statistics_.bytes_written += payload.get_data_length();
    }
    ++statistics_.by_purpose[purpose];
}

void MemoryControllerModule::count_timing(const MemoryTiming& timing) {
    statistics_.wait_cycles += timing.wait;
    statistics_.service_cycles += timing.service;
}

void MemoryControllerModule::show(const tlm::tlm_generic_payload& payload,
                                  const MemoryExtension& request) {
    traced_purpose_.begin(request.purpose);
    traced_address_ = payload.get_address();
    traced_data_ = word_of(payload, request.purpose);
    traced_payload_ = &payload;
}

void MemoryControllerModule::prepare_waves() {
    traced_ = true;
    if (dram_) {
        dram_->prepare_waves();
    }
}

void MemoryControllerModule::trace(sc_core::sc_trace_file* file) const {
    trace_activity(file, traced_purpose_, wave_name(*this, "purpose"));
    sc_core::sc_trace(file, traced_address_, wave_name(*this, "address"),
                      wave_bits_of_physical_address);
    sc_core::sc_trace(file, traced_data_, wave_name(*this, "data"));
    sc_core::sc_trace(file, traced_count_, wave_name(*this, "transactions"));
    if (dram_) {
        dram_->trace(file, name());
    }
}

}  // namespace mmusim::hw
