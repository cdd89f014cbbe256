// SPDX-License-Identifier: Apache-2.0
#include "tb/system/monitor_module.hpp"

namespace mmusim::tb {

MonitorModule::MonitorModule(const sc_core::sc_module_name& name) : sc_module(name) {
    upstream_target.register_nb_transport_fw(this, &MonitorModule::pass_down);
    upstream_target.register_b_transport(this, &MonitorModule::pass_blocking);
    upstream_target.register_transport_dbg(this, &MonitorModule::pass_debug);
    downstream_initiator.register_nb_transport_bw(this, &MonitorModule::pass_up);
}

tlm::tlm_sync_enum MonitorModule::pass_down(tlm::tlm_generic_payload& payload,
                                            tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    ++requests_;
    const auto* memory = payload.get_extension<hw::MemoryExtension>();
    if (memory != nullptr) {
        ++by_purpose_[memory->purpose];
    }
    const tlm::tlm_sync_enum status = downstream_initiator->nb_transport_fw(payload, phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        ++answers_;
    }
    return status;
}

tlm::tlm_sync_enum MonitorModule::pass_up(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                          sc_core::sc_time& delay) {
    ++answers_;
    return upstream_target->nb_transport_bw(payload, phase, delay);
}

void MonitorModule::pass_blocking(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    ++requests_;
    downstream_initiator->b_transport(payload, delay);
    ++answers_;
}

// Debug transport is no traffic.
unsigned MonitorModule::pass_debug(tlm::tlm_generic_payload& payload) {
    return downstream_initiator->transport_dbg(payload);
}

}  // namespace mmusim::tb
