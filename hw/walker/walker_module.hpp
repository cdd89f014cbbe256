// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/fence.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/observer/translation_observer.hpp"
#include "hw/paging/page_walk.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation_payload_module.hpp"
#include "hw/walker/parameters.hpp"
#include "hw/walker/plain_walk.hpp"
#include "hw/walker/statistics.hpp"
#include "hw/walker/walk_cache.hpp"
#include "hw/walker/walk_cache_parameters.hpp"
#include "hw/walker/walker_state.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// Gives PageWalk time and sockets: `count` walkers behind one queue, first come, first served, and
/// one way to memory that they share.
///
/// A walk that a fence overtakes is squashed and begins again at the root: no answer was read
/// before a fence that names its page.
///
/// A translation by debug transport is walked at once, in no time and unseen by the memory; it sets
/// A and D. A perfect TLB asks so.
class WalkerModule final : public sc_core::sc_module, public FenceTarget {
  public:
    tlm_utils::multi_passthrough_target_socket<WalkerModule> upstream_target{"upstream_target"};
    tlm_utils::simple_initiator_socket<WalkerModule> memory_initiator{"memory_initiator"};

    WalkerModule(const sc_core::sc_module_name& name, const WalkerParameters& parameters,
                 const WalkCacheParameters& walk_cache, const PagingParameters& paging,
                 std::uint64_t seed, ClockModule& clock);
    WalkerModule(const WalkerModule&) = delete;
    WalkerModule& operator=(const WalkerModule&) = delete;
    WalkerModule(WalkerModule&&) = delete;
    WalkerModule& operator=(WalkerModule&&) = delete;
    ~WalkerModule() override;

    void fence(const Fence& fence) override;

    [[nodiscard]] WalkerStatistics statistics() const;
    void reset_statistics();

    /// From now on it tells `observer`, which outlives the simulation.
    void set_observer(TranslationObserver& observer) { observer_ = &observer; }

    /// What the walkers are doing, each by its number; for tests.
    [[nodiscard]] std::vector<WalkerState> states() const;

    void trace(sc_core::sc_trace_file* file) const override;

  private:
    class Walker;

    struct Request {
        int upstream = 0;
        tlm::tlm_generic_payload* payload = nullptr;
        Cycles arrival;
    };

    tlm::tlm_sync_enum begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                     tlm::tlm_phase& phase, sc_core::sc_time& delay);
    unsigned debug_transport(int upstream, tlm::tlm_generic_payload& payload);
    tlm::tlm_sync_enum memory_answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
    void count_end(const TranslationExtension& answered, unsigned level, Cycles service);
    void hand_out_later();
    void hand_out_requests();

    // Of the tables in memory, in no time.
    [[nodiscard]] std::optional<PageTableEntry> peek(PhysicalAddress address);
    void poke(PhysicalAddress address, PageTableEntry entry);

    WalkerParameters parameters_;
    WalkCacheParameters walk_cache_parameters_;
    PagingParameters paging_;
    ClockModule& clock_;
    TranslationObserver* observer_ = nullptr;
    std::optional<WalkCache> walk_cache_;
    WalkerStatistics statistics_;
    std::array<WalkPageSizeStatistics, 64> statistics_by_log2_size_{};
    MemoryPayload debug_payload_;
    EntryAccess entries_in_no_time_;
    std::deque<Request> waiting_;
    std::vector<std::unique_ptr<Walker>> walkers_;
    bool hand_out_due_ = false;
    MemberAction<WalkerModule> hand_out_action_{*this, &WalkerModule::hand_out_requests};
};

}  // namespace mmusim::hw
