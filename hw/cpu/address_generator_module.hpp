// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/clock_module.hpp"
#include "hw/cpu/access_stream.hpp"
#include "hw/cpu/core_state.hpp"
#include "hw/cpu/faulted_translation.hpp"
#include "hw/cpu/parameters.hpp"
#include "hw/cpu/statistics.hpp"
#include "hw/cpu/supervisor.hpp"
#include "hw/cpu/translation_statistics.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/observer/translation_observer.hpp"
#include "hw/paging/translation_payload_module.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// One finished translation, for onlookers.
struct FinishedTranslation {
    std::uint64_t access = 0;  ///< the number of its access, from 0
    const TranslationExtension& translation;
    std::uint32_t bytes = 1;  ///< of the access, as far as they lie in this page
    Outcome outcome = Outcome::hit;
    Cycles issued;
    Cycles done;
    Cycles known;  ///< the present cycle; a hit is known to be done before it is
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
    /// is under way but what is parked. Returns the next number it wants to hear of, or nothing to
    /// stop the core.
    [[nodiscard]] virtual std::optional<std::uint64_t> milestone(std::uint64_t accesses) = 0;

    /// Called for each translation and for each fault that is taken, where `watches_translations`
    /// says so.
    virtual void finished(const FinishedTranslation& translation) = 0;
    virtual void faulted(const FaultedTranslation& translation) = 0;
    [[nodiscard]] virtual bool watches_translations() const = 0;
};

/// The core, as far as the MMU sees it: it issues the accesses of a program in order,
/// `issue_per_cycle` in a cycle, while fewer than `max_outstanding` are under way. They are done in
/// any order; hits pass misses. With one outstanding each is issued when the one before is done,
/// and never two in one cycle.
///
/// Where `data_path` is memory, a translated address is read, written or fetched from at once, and
/// the translation is done when that is answered. Where there is no memory, the access faults.
///
/// A fault is taken when nothing else is under way: the oldest traps, and when the operating
/// system has served it, all that had faulted are translated again. A fault that has to wait can be
/// parked with its program, while the core runs others.
class AddressGeneratorModule final : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<AddressGeneratorModule> fetch_initiator{"fetch_initiator"};
    tlm_utils::simple_initiator_socket<AddressGeneratorModule> data_initiator{"data_initiator"};
    // For the accesses themselves; bound where `data_path` is memory.
    tlm_utils::simple_initiator_socket_optional<AddressGeneratorModule> fetch_memory_initiator{
        "fetch_memory_initiator"};
    tlm_utils::simple_initiator_socket_optional<AddressGeneratorModule> data_memory_initiator{
        "data_memory_initiator"};

    /// `levels`: how many TLBs the longest chain has.
    AddressGeneratorModule(const sc_core::sc_module_name& name, CpuParameters parameters,
                           unsigned levels, ClockModule& clock, Supervisor& supervisor,
                           CoreObserver& observer);
    AddressGeneratorModule(const AddressGeneratorModule&) = delete;
    AddressGeneratorModule& operator=(const AddressGeneratorModule&) = delete;
    AddressGeneratorModule(AddressGeneratorModule&&) = delete;
    AddressGeneratorModule& operator=(AddressGeneratorModule&&) = delete;
    ~AddressGeneratorModule() override;

    class ParkedAccesses;

    /// Runs a program from the present cycle on, until its turn ends if it has an end. The core has
    /// none.
    void run(AccessStream& program, const TranslationContext& context,
             std::optional<Cycles> turn_end);

    /// Ends the turn of the program that runs or has trapped: between two accesses, at `when` or
    /// later, but not later than it was to end before.
    void end_turn_at(Cycles when);

    /// Ends a page fault: the translation is made again. `outcome` is what the fault was, `spent`
    /// where its cycles went.
    void retry(Outcome outcome, const LatencyRecord& spent);

    /// Ends a page fault that cannot be helped: the access is not made, nor are later ones that
    /// have faulted too, and the core stands still until it is given a program.
    void give_up(const LatencyRecord& spent);

    /// Puts a page fault off: the program leaves the core with all that it has under way, and the
    /// core stands still until it is given a program.
    [[nodiscard]] ParkedAccesses park();

    /// Gives the core, which has no program, one with its page fault back. It stands still as it
    /// did in the trap; `retry`, `give_up` or `park` follows, and what was spent since the trap is
    /// told then. The context may be another than before.
    void resume(ParkedAccesses parked, AccessStream& program, const TranslationContext& context,
                std::optional<Cycles> turn_end);

    /// The address of a translation that was begun, is not done and is not parked. After the
    /// simulation there is none, or the machine is in a deadlock.
    [[nodiscard]] std::optional<VirtualAddress> translation_under_way() const;

    [[nodiscard]] Totals totals() const;
    [[nodiscard]] const TranslationStatistics& translations() const { return statistics_; }
    /// From zero, but for what is parked: that has yet to be done and counts from here on, with all
    /// of its latency.
    void reset_statistics();

    /// The translation that has trapped; there is one.
    [[nodiscard]] TranslationNumber trapped_translation() const;

    /// From now on it tells `observer`, which outlives the simulation, of the cycles that
    /// translations spend in the core.
    void set_translation_observer(TranslationObserver& observer) {
        translation_observer_ = &observer;
    }

    void trace(sc_core::sc_trace_file* file) const override;

  private:
    class Slot;
    using Slots = std::vector<std::unique_ptr<Slot>>;

    void take_program(AccessStream& program, const TranslationContext& context,
                      std::optional<Cycles> turn_end);
    void leave_program(CoreState state);
    [[nodiscard]] Slots make_slots();
    [[nodiscard]] Slots take_free_slots();

    void issue();
    void issue_next_cycle();
    [[nodiscard]] bool may_issue();
    [[nodiscard]] bool stops_here();
    [[nodiscard]] bool idle() const;
    [[nodiscard]] bool width_left() const;
    void take_width();
    [[nodiscard]] Slot* oldest_that_waits_to_go_on() const;
    [[nodiscard]] Slot* free_slot() const;
    void begin_access(Slot& slot, const Access& access);

    tlm::tlm_sync_enum answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                sc_core::sc_time& delay);
    tlm::tlm_sync_enum memory_answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
    void take_trap_if_idle();
    void record(Slot& slot, Cycles done, Outcome outcome);
    void check_record(const Slot& slot, Cycles recorded, Cycles done) const;

    CpuParameters parameters_;
    ClockModule& clock_;
    Supervisor& supervisor_;
    CoreObserver& observer_;
    TranslationObserver* translation_observer_ = nullptr;

    AccessStream* program_ = nullptr;
    TranslationContext context_;
    std::optional<Cycles> turn_end_;
    std::uint64_t next_milestone_ = 0;
    bool stopped_ = false;
    std::uint64_t issued_accesses_ = 0;
    std::uint64_t next_access_number_ = 0;

    std::size_t slots_made_ = 0;  // all that there are, wherever
    Slots slots_;
    std::vector<Slots> free_slots_;  // of programs that were parked, for the next ones
    std::uint64_t parked_ = 0;       // accesses
    Slot* trapped_ = nullptr;
    std::uint32_t faulted_ = 0;  // slots whose translation has faulted, the trapped one included
    std::uint32_t issued_in_cycle_ = 0;
    Cycles issued_in_cycle_at_;
    bool issue_due_ = false;

    Totals totals_;
    std::optional<Cycles> first_issue_;
    Cycles last_completion_;
    TranslationStatistics statistics_;
    unsigned levels_;

    MemberAction<AddressGeneratorModule> run_action_{*this, &AddressGeneratorModule::issue};
    MemberAction<AddressGeneratorModule> next_cycle_action_{
        *this, &AddressGeneratorModule::issue_next_cycle};

    CoreState traced_state_ = CoreState::idle;
    AccessType traced_type_ = AccessType::read;
    std::uint64_t traced_virtual_address_ = 0;
    std::uint64_t traced_physical_address_ = 0;
    std::uint16_t traced_asid_ = 0;
};

/// The accesses of a program that was parked, until they are resumed by the core that they left.
/// All of them have faulted; one has trapped.
class AddressGeneratorModule::ParkedAccesses {
  public:
    ParkedAccesses(const ParkedAccesses&) = delete;
    ParkedAccesses& operator=(const ParkedAccesses&) = delete;
    ParkedAccesses(ParkedAccesses&& other) noexcept;
    ParkedAccesses& operator=(ParkedAccesses&& other) noexcept;
    ~ParkedAccesses();

    /// How many; each has one translation under way.
    [[nodiscard]] std::uint64_t count() const;
    /// The address that has trapped.
    [[nodiscard]] VirtualAddress address() const;
    [[nodiscard]] TranslationNumber trapped_translation() const;

  private:
    friend class AddressGeneratorModule;

    ParkedAccesses(Slots slots, Slot& trapped);

    Slots slots_;
    Slot* trapped_;
};

}  // namespace mmusim::hw
