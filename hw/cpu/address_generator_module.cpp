// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/address_generator_module.hpp"

#include "hw/base/problems.hpp"
#include "hw/base/wave_module.hpp"
#include "hw/cpu/access_slot_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

AddressGeneratorModule::AddressGeneratorModule(const sc_core::sc_module_name& name,
                                               CpuParameters parameters, unsigned levels,
                                               ClockModule& clock, Supervisor& supervisor,
                                               CoreObserver& observer)
    : sc_module(name),
      parameters_(std::move(parameters)),
      clock_(clock),
      supervisor_(supervisor),
      observer_(observer),
      statistics_(levels),
      levels_(levels) {
    slots_ = make_slots();
    fetch_initiator.register_nb_transport_bw(this, &AddressGeneratorModule::answered);
    data_initiator.register_nb_transport_bw(this, &AddressGeneratorModule::answered);
    fetch_memory_initiator.register_nb_transport_bw(this, &AddressGeneratorModule::memory_answered);
    data_memory_initiator.register_nb_transport_bw(this, &AddressGeneratorModule::memory_answered);
}

AddressGeneratorModule::~AddressGeneratorModule() = default;

void AddressGeneratorModule::run(AccessStream& program, const TranslationContext& context,
                                 std::optional<Cycles> turn_end) {
    take_program(program, context, turn_end);
    clock_.at(clock_.now(), CyclePhase::issue, run_action_);
}

void AddressGeneratorModule::take_program(AccessStream& program, const TranslationContext& context,
                                          std::optional<Cycles> turn_end) {
    program_ = &program;
    context_ = context;
    turn_end_ = turn_end;
    traced_asid_ = context.asid.value;
}

void AddressGeneratorModule::leave_program(CoreState state) {
    program_ = nullptr;
    traced_state_ = state;
}

void AddressGeneratorModule::end_turn_at(Cycles when) {
    turn_end_ = std::min(turn_end_.value_or(when), when);
}

void AddressGeneratorModule::retry(Outcome outcome, const LatencyRecord& spent) {
    std::exchange(trapped_, nullptr)->served(outcome, spent);
    faulted_ = 0;
    for (const std::unique_ptr<Slot>& slot : slots_) {
        if (slot->state() == Slot::State::faulted) {
            slot->wait_for_retry();
        }
    }
    clock_.at(clock_.now(), CyclePhase::issue, run_action_);
}

void AddressGeneratorModule::give_up(const LatencyRecord& spent) {
    std::exchange(trapped_, nullptr)->give_up(spent);
    faulted_ = 0;
    for (const std::unique_ptr<Slot>& slot : slots_) {
        if (slot->state() == Slot::State::faulted) {
            slot->drop();
        }
    }
    leave_program(CoreState::idle);
}

AddressGeneratorModule::ParkedAccesses AddressGeneratorModule::park() {
    ParkedAccesses parked(std::exchange(slots_, take_free_slots()),
                          *std::exchange(trapped_, nullptr));
    faulted_ = 0;
    parked_ += parked.count();
    leave_program(CoreState::idle);
    return parked;
}

void AddressGeneratorModule::resume(ParkedAccesses parked, AccessStream& program,
                                    const TranslationContext& context,
                                    std::optional<Cycles> turn_end) {
    take_program(program, context, turn_end);
    faulted_ = static_cast<std::uint32_t>(parked.count());
    parked_ -= faulted_;
    trapped_ = parked.trapped_;
    free_slots_.push_back(std::exchange(slots_, std::move(parked.slots_)));
    traced_state_ = CoreState::trapped;
    trapped_->show();
}

AddressGeneratorModule::Slots AddressGeneratorModule::make_slots() {
    Slots slots;
    for (std::uint32_t slot = 0; slot < parameters_.max_outstanding; ++slot) {
        slots.push_back(std::make_unique<Slot>(*this, TranslationNumber{slots_made_++}));
    }
    return slots;
}

AddressGeneratorModule::Slots AddressGeneratorModule::take_free_slots() {
    if (free_slots_.empty()) {
        return make_slots();
    }
    Slots slots = std::move(free_slots_.back());
    free_slots_.pop_back();
    return slots;
}

// As much as this cycle and the accesses under way allow.
void AddressGeneratorModule::issue() {
    if (program_ == nullptr || trapped_ != nullptr) {
        return;
    }
    while (width_left()) {
        if (Slot* const slot = oldest_that_waits_to_go_on()) {
            take_width();
            slot->go_on();
            continue;
        }
        if (faulted_ > 0) {
            take_trap_if_idle();
            return;
        }
        Slot* const slot = free_slot();
        if (slot == nullptr || !may_issue()) {
            return;
        }
        take_width();
        begin_access(*slot, program_->take());
    }
    const bool more = oldest_that_waits_to_go_on() != nullptr || free_slot() != nullptr;
    if (more && !issue_due_) {
        issue_due_ = true;
        clock_.at(clock_.now() + Cycles{1}, CyclePhase::issue, next_cycle_action_);
    }
}

void AddressGeneratorModule::issue_next_cycle() {
    issue_due_ = false;
    issue();
}

// Whether the program's next access is to be issued now. What else may come between two accesses
// waits until nothing is under way.
bool AddressGeneratorModule::may_issue() {
    if (stopped_ || issued_accesses_ == next_milestone_) {
        if (!idle()) {
            return false;
        }
        if (stops_here()) {
            leave_program(CoreState::idle);
            supervisor_.stopped();
            return false;
        }
    }
    if (program_->ended()) {
        if (idle()) {
            leave_program(CoreState::idle);
            supervisor_.program_ended();
        }
        return false;
    }
    if (turn_end_ && clock_.now() >= *turn_end_) {
        if (idle()) {
            leave_program(CoreState::trapped);
            supervisor_.turn_over();
        }
        return false;
    }
    return true;
}

// At a milestone, or behind the one at which the observer has stopped the core.
bool AddressGeneratorModule::stops_here() {
    if (!stopped_) {
        const std::optional<std::uint64_t> next = observer_.milestone(issued_accesses_);
        stopped_ = !next;
        next_milestone_ = next.value_or(next_milestone_);
    }
    return stopped_;
}

bool AddressGeneratorModule::idle() const {
    return std::all_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->free(); });
}

bool AddressGeneratorModule::width_left() const {
    return issued_in_cycle_at_ != clock_.now() || issued_in_cycle_ < parameters_.issue_per_cycle;
}

void AddressGeneratorModule::take_width() {
    if (issued_in_cycle_at_ != clock_.now()) {
        issued_in_cycle_at_ = clock_.now();
        issued_in_cycle_ = 0;
    }
    ++issued_in_cycle_;
}

AddressGeneratorModule::Slot* AddressGeneratorModule::oldest_that_waits_to_go_on() const {
    Slot* oldest = nullptr;
    for (const std::unique_ptr<Slot>& slot : slots_) {
        const bool older = oldest == nullptr || slot->number() < oldest->number();
        if (slot->waits_to_go_on() && older) {
            oldest = slot.get();
        }
    }
    return oldest;
}

AddressGeneratorModule::Slot* AddressGeneratorModule::free_slot() const {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->free(); });
    return found == slots_.end() ? nullptr : found->get();
}

void AddressGeneratorModule::begin_access(Slot& slot, const Access& access) {
    ++issued_accesses_;
    ++totals_.accesses;
    if (!first_issue_) {
        first_issue_ = clock_.now();
        last_completion_ = clock_.now();
    }
    slot.begin(next_access_number_++, access);
}

tlm::tlm_sync_enum AddressGeneratorModule::answered(tlm::tlm_generic_payload& payload,
                                                    tlm::tlm_phase& phase,
                                                    sc_core::sc_time& /*delay*/) {
    const auto slot = std::find_if(slots_.begin(), slots_.end(), [&payload](const auto& candidate) {
        return candidate->carries(payload);
    });
    (*slot)->take_answer();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum AddressGeneratorModule::memory_answered(tlm::tlm_generic_payload& payload,
                                                           tlm::tlm_phase& phase,
                                                           sc_core::sc_time& /*delay*/) {
    const auto slot = std::find_if(slots_.begin(), slots_.end(), [&payload](const auto& candidate) {
        return candidate->asks_memory_by(payload);
    });
    (*slot)->take_memory_answer();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

// The oldest access that has faulted traps, once no other is under way.
void AddressGeneratorModule::take_trap_if_idle() {
    Slot* oldest = nullptr;
    for (const std::unique_ptr<Slot>& slot : slots_) {
        if (slot->free()) {
            continue;
        }
        if (slot->state() != Slot::State::faulted) {
            return;
        }
        if (oldest == nullptr || slot->number() < oldest->number()) {
            oldest = slot.get();
        }
    }
    if (oldest == nullptr) {
        return;
    }
    trapped_ = oldest;
    traced_state_ = CoreState::trapped;
    const PageFault fault = oldest->take_trap();
    if (observer_.watches_translations()) {
        observer_.faulted({.access = oldest->number(),
                           .issued = oldest->issued(),
                           .request = oldest->translation().request,
                           .cause = fault.cause});
    }
    supervisor_.page_fault(fault);
}

// Takes a finished translation into the figures.
void AddressGeneratorModule::record(Slot& slot, Cycles done, Outcome outcome) {
    TranslationExtension& translation = slot.translation();
    const Outcome worst = std::max(outcome, slot.fault_outcome().value_or(outcome));
    last_completion_ = std::max(last_completion_, done);
    if (observer_.watches_translations()) {
        observer_.finished({.access = slot.number(),
                            .translation = translation,
                            .bytes = slot.bytes(),
                            .outcome = worst,
                            .issued = slot.issued(),
                            .done = done,
                            .known = clock_.now()});
    }

    // A hit that was answered at once has spent nothing else.
    const bool first_hit =
        worst == Outcome::hit && translation.levels == 1 && !translation.sets_dirty_bit &&
        translation.latency.stages[Stage::first_tlb_lookup] == done - slot.issued();
    if (first_hit) {
        statistics_.record_first_hit(done - slot.issued());
        translation.latency.stages[Stage::first_tlb_lookup] = {};
    } else {
        check_record(slot, translation.latency.total(), done);
        statistics_.record(worst, translation.levels, translation.latency);
        translation.latency = {};
    }
}

// The record must add up to the latency; if it does not, the model is wrong.
void AddressGeneratorModule::check_record(const Slot& slot, Cycles recorded, Cycles done) const {
    const Cycles latency = done - slot.issued();
    if (recorded != latency) {
        throw ModelError(fmt::format(
            "the stages of the translation of {} issued at cycle {} sum to {} cycles, but it took "
            "{}",
            slot.translation().request.address, slot.issued(), recorded, latency));
    }
}

std::optional<VirtualAddress> AddressGeneratorModule::translation_under_way() const {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [](const auto& slot) { return !slot->free(); });
    if (found == slots_.end()) {
        return std::nullopt;
    }
    return (*found)->translation().request.address;
}

TranslationNumber AddressGeneratorModule::trapped_translation() const {
    return trapped_->translation().number;
}

Totals AddressGeneratorModule::totals() const {
    Totals result = totals_;
    if (first_issue_) {
        result.cycles = last_completion_ - *first_issue_;
    }
    return result;
}

void AddressGeneratorModule::reset_statistics() {
    totals_ = {};
    totals_.accesses = parked_;
    totals_.translations = parked_;
    first_issue_.reset();
    last_completion_ = {};
    statistics_ = TranslationStatistics(levels_);
}

AddressGeneratorModule::ParkedAccesses::ParkedAccesses(Slots slots, Slot& trapped)
    : slots_(std::move(slots)), trapped_(&trapped) {}

AddressGeneratorModule::ParkedAccesses::ParkedAccesses(ParkedAccesses&& other) noexcept = default;
AddressGeneratorModule::ParkedAccesses& AddressGeneratorModule::ParkedAccesses::operator=(
    ParkedAccesses&& other) noexcept = default;
AddressGeneratorModule::ParkedAccesses::~ParkedAccesses() = default;

std::uint64_t AddressGeneratorModule::ParkedAccesses::count() const {
    return static_cast<std::uint64_t>(std::count_if(
        slots_.begin(), slots_.end(), [](const auto& slot) { return !slot->free(); }));
}

VirtualAddress AddressGeneratorModule::ParkedAccesses::address() const {
    return trapped_->translation().request.address;
}

TranslationNumber AddressGeneratorModule::ParkedAccesses::trapped_translation() const {
    return trapped_->translation().number;
}

void AddressGeneratorModule::trace(sc_core::sc_trace_file* file) const {
    trace_enumeration(file, traced_state_, wave_name(*this, "state"));
    trace_enumeration(file, traced_type_, wave_name(*this, "access_type"));
    sc_core::sc_trace(file, traced_virtual_address_, wave_name(*this, "virtual_address"));
    sc_core::sc_trace(file, traced_physical_address_, wave_name(*this, "physical_address"),
                      wave_bits_of_physical_address);
    sc_core::sc_trace(file, traced_asid_, wave_name(*this, "asid"));
    sc_core::sc_trace(file, issued_accesses_, wave_name(*this, "accesses"));
}

}  // namespace mmusim::hw
