// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/fence.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation_payload_module.hpp"
#include "hw/tlb/parameters.hpp"
#include "hw/tlb/statistics.hpp"
#include "hw/tlb/tlb_array.hpp"
#include "hw/tlb/tlb_state.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// Gives a TlbArray time and sockets.
///
/// A request is looked up in the cycle of its arrival. A hit is answered `hit_latency_cycles`
/// later, which is known at once; a miss goes to the next level after as long. One miss is under
/// way at a time; requests that arrive meanwhile wait in order.
class TlbModule final : public sc_core::sc_module, public FenceTarget {
  public:
    // A TLB that no chain reaches is allowed: nobody is bound to it then.
    tlm_utils::multi_passthrough_target_socket<TlbModule, 32, tlm::tlm_base_protocol_types, 0,
                                               sc_core::SC_ZERO_OR_MORE_BOUND>
        upstream_target{"upstream_target"};
    tlm_utils::simple_initiator_socket<TlbModule> downstream_initiator{"downstream_initiator"};

    TlbModule(const sc_core::sc_module_name& name, const TlbParameters& parameters,
              const PagingParameters& paging, std::uint64_t seed, ClockModule& clock);

    void fence(const Fence& fence) override;

    [[nodiscard]] const TlbArray& array() const { return array_; }
    [[nodiscard]] TlbStatistics statistics() const;
    void reset_statistics();

    /// From now on it also keeps track of what only waves show.
    void prepare_waves() { traced_ = true; }
    void trace(sc_core::sc_trace_file* file) const override;

  private:
    /// What the request under way is to the array.
    enum class Role : std::uint8_t {
        hit,           ///< found; its answer is on its way
        miss,          ///< not found; the answer is filled
        dirty_update,  ///< found with D clear; the answer replaces what is known of the page
        passing,       ///< a dirty update of a TLB above, none of our business
    };

    struct Request {
        int upstream = 0;
        tlm::tlm_generic_payload* payload = nullptr;
        Cycles arrival;
        Role role = Role::passing;
    };

    tlm::tlm_sync_enum begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                     tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum end_request(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                   sc_core::sc_time& delay);

    [[nodiscard]] Role look_up(TranslationExtension& translation);
    [[nodiscard]] Role judge(TranslationExtension& translation, const TranslatedPage& page);
    void send_down_later(Request request);
    void send_down();
    void answer();
    void keep(const Request& request);
    void take_waiting();
    void show(TlbState state, const TranslationExtension& translation);
    void show_idle();

    TlbParameters parameters_;
    PagingParameters paging_;
    ClockModule& clock_;
    TlbArray array_;
    TlbStatistics statistics_;
    std::array<TlbPageSizeStatistics, 64> statistics_by_log2_size_{};

    std::optional<Request> pending_;
    std::deque<Request> waiting_;
    MemberAction<TlbModule> send_down_action_{*this, &TlbModule::send_down};
    MemberAction<TlbModule> answer_action_{*this, &TlbModule::answer};
    MemberAction<TlbModule> take_waiting_action_{*this, &TlbModule::take_waiting};

    // For the waves.
    bool traced_ = false;
    TlbState traced_state_ = TlbState::idle;
    std::uint64_t traced_virtual_page_ = 0;
    std::uint16_t traced_asid_ = 0;
    Cycles traced_until_;
    bool idle_action_due_ = false;
    MemberAction<TlbModule> idle_action_{*this, &TlbModule::show_idle};
};

/// The page sizes a TLB of these parameters holds, smallest first.
[[nodiscard]] std::vector<PageSize> page_sizes_of(const TlbParameters& parameters,
                                                  const PagingParameters& paging);

}  // namespace mmusim::hw
