// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/activity.hpp"
#include "hw/base/clock_module.hpp"
#include "hw/base/wave_end_module.hpp"
#include "hw/memory/dram_module.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/memory/parameters.hpp"
#include "hw/memory/physical_memory.hpp"
#include "hw/memory/statistics.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>

#include <cstdint>
#include <optional>

namespace mmusim::hw {

/// The one memory, shared by all who are bound to it.
///
/// A transaction takes effect in the cycle in which it arrives, in the order of arrival; its answer
/// arrives when the timing says so. Where the latency is fixed the answer is known at once:
/// TLM_COMPLETED with the delay. DRAM answers by BEGIN_RESP.
class MemoryControllerModule final : public sc_core::sc_module, private DramClient {
  public:
    tlm_utils::multi_passthrough_target_socket<MemoryControllerModule> upstream_target{
        "upstream_target"};

    MemoryControllerModule(const sc_core::sc_module_name& name, const MemoryParameters& parameters,
                           ClockModule& clock);

    [[nodiscard]] MemoryStatistics statistics() const;
    void reset_statistics();

    /// From now on it also keeps track of what only waves show.
    void prepare_waves();
    void trace(sc_core::sc_trace_file* file) const override;

  private:
    tlm::tlm_sync_enum begin_transaction(int upstream, tlm::tlm_generic_payload& payload,
                                         tlm::tlm_phase& phase, sc_core::sc_time& delay);
    unsigned debug_transport(int upstream, tlm::tlm_generic_payload& payload);

    [[nodiscard]] bool contains(const tlm::tlm_generic_payload& payload) const;
    void take_effect(tlm::tlm_generic_payload& payload);
    [[nodiscard]] bool exchange(PhysicalAddress address, std::uint64_t expected,
                                std::uint64_t desired, unsigned bytes);
    void transaction_done(int upstream, tlm::tlm_generic_payload& payload) override;
    void count_arrival(const tlm::tlm_generic_payload& payload, MemoryPurpose purpose);
    void count_timing(const MemoryTiming& timing);
    void show(const tlm::tlm_generic_payload& payload, const MemoryExtension& request);
    void show_idle() { traced_purpose_.end(); }

    MemoryParameters parameters_;
    ClockModule& clock_;
    PhysicalMemory memory_;
    std::optional<DramModule> dram_;
    MemoryStatistics statistics_;

    // What the waves show: the transaction that arrived last, until it is answered.
    bool traced_ = false;
    Activity<MemoryPurpose> traced_purpose_;
    std::uint64_t traced_address_ = 0;
    std::uint64_t traced_data_ = 0;
    std::uint64_t traced_count_ = 0;
    const tlm::tlm_generic_payload* traced_payload_ = nullptr;
    MemberAction<MemoryControllerModule> idle_action_{*this, &MemoryControllerModule::show_idle};
    WaveEnd traced_end_{clock_, idle_action_};
};

}  // namespace mmusim::hw
