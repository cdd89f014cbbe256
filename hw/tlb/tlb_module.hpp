// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/fence.hpp"
#include "hw/base/pool.hpp"
#include "hw/observer/translation_observer.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation_payload_module.hpp"
#include "hw/tlb/miss_classifier.hpp"
#include "hw/tlb/page_sizes.hpp"
#include "hw/tlb/parameters.hpp"
#include "hw/tlb/statistics.hpp"
#include "hw/tlb/tlb_array.hpp"
#include "hw/tlb/tlb_wave_module.hpp"

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
/// A request is looked up in the cycle of its arrival, if a port is free. A hit is answered
/// `hit_latency_cycles` later, which is known at once; a miss takes a miss register (MSHR) and goes
/// to the next level after as long. A miss of a page that is under way already joins it and takes
/// none. What finds no port or no register waits, in order.
///
/// A perfect one holds, at each lookup, every page that the page tables map: it asks the walker, by
/// debug transport. What they do not map it misses, and that goes down as every miss.
class TlbModule final : public sc_core::sc_module, public FenceTarget {
  public:
    // A TLB that no chain reaches is allowed: nobody is bound to it then.
    tlm_utils::multi_passthrough_target_socket<TlbModule, 32, tlm::tlm_base_protocol_types, 0,
                                               sc_core::SC_ZERO_OR_MORE_BOUND>
        upstream_target{"upstream_target"};
    tlm_utils::simple_initiator_socket<TlbModule> downstream_initiator{"downstream_initiator"};

    TlbModule(const sc_core::sc_module_name& name, const TlbParameters& parameters,
              const PagingParameters& paging, std::uint64_t seed, ClockModule& clock);
    TlbModule(const TlbModule&) = delete;
    TlbModule& operator=(const TlbModule&) = delete;
    TlbModule(TlbModule&&) = delete;
    TlbModule& operator=(TlbModule&&) = delete;
    ~TlbModule() override;

    /// Before the simulation: `lower` answers the misses of this TLB. What the two owe each other
    /// by the lower one's inclusion policy is exchanged with the fill, in no time.
    void set_lower_level(TlbModule& lower);

    /// Before the simulation: tells its misses apart by their cause.
    void classify_misses();

    void fence(const Fence& fence) override;

    [[nodiscard]] const TlbArray& array() const { return array_; }
    [[nodiscard]] TlbStatistics statistics() const;
    void reset_statistics();

    /// From now on it also keeps track of what only waves show.
    void prepare_waves() {
        wave_.begin();
        watched_ = true;
    }
    /// From now on it tells `observer`, which outlives the simulation.
    void set_observer(TranslationObserver& observer);
    void trace(sc_core::sc_trace_file* file) const override;

  private:
    /// What a request is to the array.
    enum class Role : std::uint8_t {
        hit,           ///< found; its answer is on its way
        miss,          ///< not found; the answer is filled
        dirty_update,  ///< found with D clear; the answer replaces what is known of the page
        passing,       ///< a dirty update of a TLB above, none of our business
    };

    class Errand;

    tlm::tlm_sync_enum begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                     tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum end_request(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                   sc_core::sc_time& delay);

    unsigned debug_transport(int upstream, tlm::tlm_generic_payload& payload);

    [[nodiscard]] Errand& take_errand(int upstream, tlm::tlm_generic_payload& payload);
    [[nodiscard]] bool must_wait() const;
    [[nodiscard]] bool blocked() const;
    [[nodiscard]] bool port_free() const;
    void take_port();

    [[nodiscard]] Role look_up(TranslationExtension& translation);
    [[nodiscard]] std::optional<TlbArray::Hit> find(const TranslationRequest& request);
    [[nodiscard]] std::optional<TranslatedPage> mapped_page(const TranslationRequest& request);
    [[nodiscard]] std::optional<TranslatedPage> walk_at_once(const TranslationRequest& request);
    [[nodiscard]] Role count_hit(TranslationExtension& translation, const TlbArray::Hit& hit);
    [[nodiscard]] Role count_miss(const TranslationExtension& translation);
    [[nodiscard]] Role judge(TranslationExtension& translation, const TranslatedPage& page) const;

    void request_miss_register(Errand& errand);
    [[nodiscard]] bool join_miss_under_way(Errand& errand);
    void start_miss(Errand& errand);
    void serve_waiting_now();
    void serve_waiting_next_cycle();
    void serve_now();
    void serve_next();
    void serve_waiting();

    void keep(const Errand& errand);
    void fill(VirtualPageNumber page, Asid asid, const TranslatedPage& translated);
    void take_victim(const TlbArray::Entry& entry);
    void back_invalidate(const TlbArray::Entry& entry);

    void move_up(const TranslationExtension& translation, const TranslatedPage& page);

    void lookup_seen(const TranslationExtension& translation, Role role,
                     const std::optional<TlbArray::Hit>& hit);
    void tell_lookup(const TranslationExtension& translation, Role role,
                     const std::optional<TlbArray::Hit>& hit) const;
    void tell_wait(const TranslationExtension& translation, Stage stage, Cycles from) const;
    void tell_removal(const TlbArray::Entry& entry, RemovalReason reason) const;

    void show_answered(const TranslationExtension& translation);

    TlbParameters parameters_;
    PagingParameters paging_;
    ClockModule& clock_;
    TlbArray array_;
    TlbStatistics statistics_;
    std::optional<MissClassifier> classifier_;
    std::array<TlbPageSizeStatistics, 64> statistics_by_log2_size_{};
    TlbModule* victims_go_to_ = nullptr;
    std::vector<TlbModule*> upper_levels_;
    TranslationPayload debug_payload_;

    std::uint32_t ports_taken_ = 0;
    Cycles ports_taken_at_;
    std::uint32_t miss_registers_taken_ = 0;
    Pool<Errand> errands_;
    std::deque<Errand*> arrivals_;  // waiting for their lookup
    std::deque<Errand*> missed_;    // waiting for a miss register
    bool serve_now_due_ = false;
    bool serve_next_due_ = false;
    MemberAction<TlbModule> serve_now_action_{*this, &TlbModule::serve_now};
    MemberAction<TlbModule> serve_next_action_{*this, &TlbModule::serve_next};

    // For those who look on.
    bool watched_ = false;  // by waves, by an observer or by both
    TranslationObserver* observer_ = nullptr;
    TlbWave wave_{clock_};
};

}  // namespace mmusim::hw
