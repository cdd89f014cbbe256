// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/memory_payload_module.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <string>

namespace mmusim::tb {

/// Stands between two sockets, changes nothing and counts what passes.
class MonitorModule final : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<MonitorModule> upstream_target{"upstream_target"};
    tlm_utils::simple_initiator_socket<MonitorModule> downstream_initiator{"downstream_initiator"};

    explicit MonitorModule(const sc_core::sc_module_name& name);

    /// Requests that passed downwards.
    [[nodiscard]] std::uint64_t requests() const { return requests_; }
    /// Answers that passed upwards, at once or later.
    [[nodiscard]] std::uint64_t answers() const { return answers_; }
    /// Of a socket that leads to memory: the requests by purpose.
    [[nodiscard]] const PerEnumerator<hw::MemoryPurpose, std::uint64_t>& by_purpose() const {
        return by_purpose_;
    }

  private:
    tlm::tlm_sync_enum pass_down(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                 sc_core::sc_time& delay);
    tlm::tlm_sync_enum pass_up(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                               sc_core::sc_time& delay);
    void pass_blocking(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned pass_debug(tlm::tlm_generic_payload& payload);

    std::uint64_t requests_ = 0;
    std::uint64_t answers_ = 0;
    PerEnumerator<hw::MemoryPurpose, std::uint64_t> by_purpose_;
};

}  // namespace mmusim::tb
