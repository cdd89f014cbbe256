// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/clock_module.hpp"
#include "hw/cpu/access_stream.hpp"
#include "hw/cpu/core_state.hpp"
#include "hw/cpu/statistics.hpp"
#include "hw/cpu/supervisor.hpp"
#include "hw/cpu/translation_statistics.hpp"
#include "hw/paging/translation_payload_module.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <optional>

namespace mmusim::hw {

/// One finished translation, for onlookers.
struct FinishedTranslation {
    std::uint64_t access = 0;  ///< the number of its access, from 0
    const TranslationExtension& translation;
    Outcome outcome = Outcome::hit;
    Cycles issued;
    Cycles done;
};

/// Someone who looks on. Nothing that it does changes the simulation, except by `stop`.
class CoreObserver {
  public:
    CoreObserver() = default;
    CoreObserver(const CoreObserver&) = delete;
    CoreObserver& operator=(const CoreObserver&) = delete;
    CoreObserver(CoreObserver&&) = delete;
    CoreObserver& operator=(CoreObserver&&) = delete;
    virtual ~CoreObserver() = default;

    /// The core is about to make the access of this number, counted over all programs, and nothing
    /// is under way. Returns the next number it wants to hear of, or nothing to stop the core.
    [[nodiscard]] virtual std::optional<std::uint64_t> milestone(std::uint64_t accesses) = 0;

    /// Called for each translation, where `watches_translations` says so.
    virtual void finished(const FinishedTranslation& translation) = 0;
    [[nodiscard]] virtual bool watches_translations() const = 0;
};

/// The core, as far as the MMU sees it: it issues the accesses of a program in order, one at a
/// time, each when the one before is done, and never two in one cycle.
class AddressGeneratorModule final : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<AddressGeneratorModule> fetch_initiator{"fetch_initiator"};
    tlm_utils::simple_initiator_socket<AddressGeneratorModule> data_initiator{"data_initiator"};

    /// `levels`: how many TLBs the longest chain has.
    AddressGeneratorModule(const sc_core::sc_module_name& name, unsigned levels, ClockModule& clock,
                           Supervisor& supervisor, CoreObserver& observer);

    /// Runs a program from the present cycle on, until its turn ends if it has an end.
    void run(AccessStream& program, const TranslationContext& context,
             std::optional<Cycles> turn_end);

    /// Ends a page fault: the translation is made again. `outcome` is what the fault was, `spent`
    /// where its cycles went.
    void retry(Outcome outcome, const LatencyRecord& spent);

    /// Ends a page fault that cannot be helped: the access is not made, and the core stands still
    /// until it is given a program.
    void give_up(const LatencyRecord& spent);

    /// The address of a translation that was begun and is not done. After the simulation there is
    /// none, or the machine is in a deadlock.
    [[nodiscard]] std::optional<VirtualAddress> translation_under_way() const;

    [[nodiscard]] Totals totals() const;
    [[nodiscard]] const TranslationStatistics& translations() const { return statistics_; }
    void reset_statistics();

    void trace(sc_core::sc_trace_file* file) const override;

  private:
    void issue();
    void begin_access(const Access& access);
    void begin_translation(VirtualAddress address, AccessType type);
    void translate();
    tlm::tlm_sync_enum answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                sc_core::sc_time& delay);
    void take_answer();
    void trap();
    void finish(Cycles done, Outcome outcome);
    void check_record(Cycles recorded, Cycles done) const;
    void issue_next_after(Cycles done);

    ClockModule& clock_;
    Supervisor& supervisor_;
    CoreObserver& observer_;

    AccessStream* program_ = nullptr;
    TranslationContext context_;
    std::optional<Cycles> turn_end_;
    std::uint64_t next_milestone_ = 0;
    std::uint64_t issued_accesses_ = 0;

    // The translation under way.
    TranslationPayload payload_;
    bool under_way_ = false;
    Cycles issued_;
    std::optional<Outcome> fault_outcome_;
    std::optional<Access> second_half_;

    Totals totals_;
    std::optional<Cycles> first_issue_;
    Cycles last_completion_;
    TranslationStatistics statistics_;
    unsigned levels_;

    MemberAction<AddressGeneratorModule> issue_action_{*this, &AddressGeneratorModule::issue};
    MemberAction<AddressGeneratorModule> retry_action_{*this, &AddressGeneratorModule::translate};
    MemberAction<AddressGeneratorModule> answer_action_{*this,
                                                        &AddressGeneratorModule::take_answer};

    CoreState traced_state_ = CoreState::idle;
    AccessType traced_type_ = AccessType::read;
    std::uint64_t traced_virtual_address_ = 0;
    std::uint64_t traced_physical_address_ = 0;
    std::uint16_t traced_asid_ = 0;
};

}  // namespace mmusim::hw
