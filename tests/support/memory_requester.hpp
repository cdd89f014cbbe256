// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/memory_payload_module.hpp"
#include "tests/support/simulation.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace mmusim::tests {

/// Speaks to a memory or a cache, at the cycles that it is told, without waiting for answers.
class MemoryRequester final : public sc_core::sc_module {
  public:
    struct Answer {
        Cycles asked{};
        Cycles answered{};
        bool came = false;
        bool at_once = false;  ///< its time was known when it was asked for
        hw::MemoryTiming timing{};
        bool failed = false;
        bool exchanged = false;
        std::uint64_t value = 0;

        [[nodiscard]] Cycles duration() const { return answered - asked; }
    };
    using Begin = std::function<void(hw::MemoryPayload&)>;

    tlm_utils::simple_initiator_socket<MemoryRequester> initiator{"initiator"};

    MemoryRequester(const sc_core::sc_module_name& name, Simulation& simulation);
    ~MemoryRequester() override;

    /// Before the simulation runs. What is asked for in one cycle goes in the order of the calls.
    void ask(std::uint64_t cycle, const Begin& begin,
             hw::CyclePhase phase = hw::CyclePhase::arbitrate);

    /// In the order in which they were asked for.
    [[nodiscard]] std::vector<Answer> answers() const;

    /// By debug transport; returns the number of bytes, and the payload by `begin`.
    unsigned debug(hw::MemoryPayload& payload, const Begin& begin);

  private:
    struct Request;

    void send(Request& request);
    tlm::tlm_sync_enum answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                sc_core::sc_time& delay);

    Simulation& simulation_;
    std::vector<std::unique_ptr<Request>> requests_;
};

[[nodiscard]] MemoryRequester::Begin read_at(
    PhysicalAddress address, unsigned bytes = 8,
    hw::MemoryPurpose purpose = hw::MemoryPurpose::pte_read);
[[nodiscard]] MemoryRequester::Begin write_at(PhysicalAddress address, std::uint64_t value = 1,
                                              unsigned bytes = 8);
[[nodiscard]] MemoryRequester::Begin exchange_at(PhysicalAddress address, std::uint64_t expected,
                                                 std::uint64_t value, unsigned bytes = 8);
[[nodiscard]] MemoryRequester::Begin clear_at(PhysicalAddress address);
[[nodiscard]] MemoryRequester::Begin without_values_at(tlm::tlm_command command,
                                                       PhysicalAddress address, unsigned bytes,
                                                       hw::MemoryPurpose purpose);

}  // namespace mmusim::tests
