// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/activity.hpp"
#include "hw/base/clock_module.hpp"
#include "hw/base/pool.hpp"
#include "hw/base/wave_end_module.hpp"
#include "hw/cache/cache_array.hpp"
#include "hw/cache/cache_state.hpp"
#include "hw/cache/parameters.hpp"
#include "hw/cache/statistics.hpp"
#include "hw/cache/waiting_requests.hpp"
#include "hw/memory/memory_payload_module.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <vector>

namespace mmusim::hw {

/// Gives a CacheArray time and sockets.
///
/// A transaction takes effect in the one memory in the cycle in which it arrives at its first
/// cache; caches hold tags only, so that all of them agree on every value. Its lines are looked up
/// in that cycle too, and their answers are ready after `hit_latency_cycles`, one line a cycle. A
/// line that misses is fetched from the next level, which it reaches after as long. Hits pass
/// misses; misses beyond the MSHRs wait in order.
class CacheModule final : public sc_core::sc_module {
  public:
    // A cache that nobody speaks to is allowed.
    tlm_utils::multi_passthrough_target_socket<CacheModule, 32, tlm::tlm_base_protocol_types, 0,
                                               sc_core::SC_ZERO_OR_MORE_BOUND>
        upstream_target{"upstream_target"};
    tlm_utils::simple_initiator_socket<CacheModule> downstream_initiator{"downstream_initiator"};

    CacheModule(const sc_core::sc_module_name& name, const CacheParameters& parameters,
                std::uint64_t seed, ClockModule& clock);
    CacheModule(const CacheModule&) = delete;
    CacheModule& operator=(const CacheModule&) = delete;
    CacheModule(CacheModule&&) = delete;
    CacheModule& operator=(CacheModule&&) = delete;
    ~CacheModule() override;

    [[nodiscard]] const CacheArray& array() const { return array_; }
    [[nodiscard]] const CacheStatistics& statistics() const { return statistics_; }
    /// From zero, but for what is on its way to the next level: that has yet to reach it and counts
    /// from here on, as it will there.
    void reset_statistics();

    /// From now on it also keeps track of what only waves show.
    void prepare_waves() { traced_ = true; }
    void trace(sc_core::sc_trace_file* file) const override;

  private:
    class Transaction;
    class Errand;

    /// One line that a transaction still needs.
    struct LineRequest {
        Transaction* transaction = nullptr;
        LineNumber line;
        LineUse use = LineUse::reads;
        Cycles looked_up;  ///< when its lookup is done
    };

    tlm::tlm_sync_enum begin_transaction(int upstream, tlm::tlm_generic_payload& payload,
                                         tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum end_errand(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                  sc_core::sc_time& delay);
    unsigned debug_transport(int upstream, tlm::tlm_generic_payload& payload);

    [[nodiscard]] bool take_effect(tlm::tlm_generic_payload& payload);
    /// The transaction that has to wait for its lines; nullptr if none is missing.
    [[nodiscard]] Transaction* look_up_lines(int upstream, tlm::tlm_generic_payload& payload);
    void write_through(int upstream, tlm::tlm_generic_payload& payload);
    [[nodiscard]] bool look_up(LineNumber line, LineUse use);
    void fetch(const LineRequest& request);
    [[nodiscard]] Errand& begin_fill(LineNumber line, Cycles looked_up);
    void take_waiting();
    void enter(LineNumber line, LineUse use, Cycles write_back_at);
    [[nodiscard]] Cycles time_of_lines(std::uint64_t lines) const;
    void count_timing(const MemoryTiming& timing);

    [[nodiscard]] Errand& new_errand();
    [[nodiscard]] Errand* fill_of(LineNumber line) const;

    void show(tlm::tlm_generic_payload& payload);
    void show_state();

    CacheParameters parameters_;
    ClockModule& clock_;
    CacheArray array_;
    CacheStatistics statistics_;

    Pool<Transaction> transactions_;
    Pool<Errand> errands_;
    std::vector<Errand*> fills_;  // under way: each holds an MSHR
    WaitingRequests<LineRequest> waiting_;

    // For the waves.
    bool traced_ = false;
    CacheState traced_state_ = CacheState::idle;
    Activity<MemoryPurpose> traced_purpose_;
    std::uint64_t traced_address_ = 0;
    std::uint64_t traced_data_ = 0;
    std::uint32_t traced_mshrs_ = 0;
    MemberAction<CacheModule> hit_ended_action_{*this, &CacheModule::show_state};
    WaveEnd traced_hit_end_{clock_, hit_ended_action_};
};

}  // namespace mmusim::hw
