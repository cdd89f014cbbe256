// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/address_generator_module.hpp"

#include "hw/base/problems.hpp"
#include "hw/base/wave_module.hpp"

#include <algorithm>

namespace mmusim::hw {

AddressGeneratorModule::AddressGeneratorModule(const sc_core::sc_module_name& name, unsigned levels,
                                               ClockModule& clock, Supervisor& supervisor,
                                               CoreObserver& observer)
    : sc_module(name),
      clock_(clock),
      supervisor_(supervisor),
      observer_(observer),
      statistics_(levels),
      levels_(levels) {
    fetch_initiator.register_nb_transport_bw(this, &AddressGeneratorModule::answered);
    data_initiator.register_nb_transport_bw(this, &AddressGeneratorModule::answered);
}

void AddressGeneratorModule::run(AccessStream& program, const TranslationContext& context,
                                 std::optional<Cycles> turn_end) {
    program_ = &program;
    context_ = context;
    turn_end_ = turn_end;
    traced_asid_ = context.asid.value;
    clock_.at(clock_.now(), CyclePhase::issue, issue_action_);
}

void AddressGeneratorModule::retry(Outcome outcome, const LatencyRecord& spent) {
    payload_.translation().latency += spent;
    fault_outcome_ = std::max(fault_outcome_.value_or(outcome), outcome);
    ++totals_.retries;
    traced_state_ = CoreState::retry;
    payload_.begin(payload_.translation().request, true);
    clock_.at(clock_.now(), CyclePhase::issue, retry_action_);
}

void AddressGeneratorModule::give_up(const LatencyRecord& spent) {
    payload_.translation().latency += spent;
    second_half_.reset();
    traced_state_ = CoreState::idle;
    finish(clock_.now(), Outcome::invalid_fault);
}

void AddressGeneratorModule::issue() {
    if (second_half_) {
        const Access second = *second_half_;
        second_half_.reset();
        begin_translation(second.address, second.type);
        return;
    }
    if (issued_accesses_ == next_milestone_) {
        const std::optional<std::uint64_t> next = observer_.milestone(issued_accesses_);
        if (!next) {
            traced_state_ = CoreState::idle;
            return;
        }
        next_milestone_ = *next;
    }
    if (program_->ended()) {
        traced_state_ = CoreState::idle;
        supervisor_.program_ended();
        return;
    }
    if (turn_end_ && clock_.now() >= *turn_end_) {
        traced_state_ = CoreState::trapped;
        supervisor_.turn_over();
        return;
    }
    begin_access(program_->take());
}

void AddressGeneratorModule::begin_access(const Access& access) {
    ++issued_accesses_;
    ++totals_.accesses;
    if (!first_issue_) {
        first_issue_ = clock_.now();
        last_completion_ = clock_.now();
    }
    if (access.crosses_page()) {
        const VirtualPageNumber next_page = page_number_of(access.address) + 1;
        const std::uint64_t before = next_page.address().value - access.address.value;
        second_half_ = Access{.address = next_page.address(),
                              .size_bytes = static_cast<std::uint32_t>(access.size_bytes - before),
                              .type = access.type};
    }
    begin_translation(access.address, access.type);
}

void AddressGeneratorModule::begin_translation(VirtualAddress address, AccessType type) {
    ++totals_.translations;
    issued_ = clock_.now();
    under_way_ = true;
    fault_outcome_.reset();
    traced_state_ = CoreState::translate;
    traced_type_ = type;
    traced_virtual_address_ = address.value;
    payload_.begin({.address = address, .type = type, .context = context_}, false);
    translate();
}

void AddressGeneratorModule::translate() {
    const AccessType type = payload_.translation().request.type;
    auto& socket = type == AccessType::fetch ? fetch_initiator : data_initiator;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (socket->nb_transport_fw(payload_.payload(), phase, delay) != tlm::TLM_COMPLETED) {
        return;
    }
    const Cycles done = clock_.now() + clock_.to_cycles(delay);
    if (payload_.translation().page) {
        finish(done, Outcome::hit);
        return;
    }
    clock_.at(done, CyclePhase::answer, answer_action_);
}

tlm::tlm_sync_enum AddressGeneratorModule::answered(tlm::tlm_generic_payload& /*payload*/,
                                                    tlm::tlm_phase& phase,
                                                    sc_core::sc_time& /*delay*/) {
    take_answer();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

void AddressGeneratorModule::take_answer() {
    const TranslationExtension& translation = payload_.translation();
    if (translation.fault) {
        trap();
        return;
    }
    finish(clock_.now(), translation.walked ? Outcome::walk : Outcome::hit);
}

void AddressGeneratorModule::trap() {
    traced_state_ = CoreState::trapped;
    const TranslationExtension& translation = payload_.translation();
    supervisor_.page_fault({.address = translation.request.address,
                            .type = translation.request.type,
                            .cause = *translation.fault});
}

// The translation is done, at `done`, with this outcome of its last try.
void AddressGeneratorModule::finish(Cycles done, Outcome outcome) {
    TranslationExtension& translation = payload_.translation();
    const Outcome worst = std::max(outcome, fault_outcome_.value_or(outcome));
    under_way_ = false;
    last_completion_ = done;
    if (translation.page) {
        traced_physical_address_ =
            translation.page->physical_address(translation.request.address).value;
    }
    if (observer_.watches_translations()) {
        observer_.finished({.access = issued_accesses_ - 1,
                            .translation = translation,
                            .outcome = worst,
                            .issued = issued_,
                            .done = done});
    }

    const bool first_hit =
        worst == Outcome::hit && translation.lookups == 1 && !translation.sets_dirty_bit;
    if (first_hit) {
        check_record(translation.latency.stages[Stage::first_tlb_lookup], done);
        statistics_.record_first_hit(done - issued_);
        translation.latency.stages[Stage::first_tlb_lookup] = {};
    } else {
        check_record(translation.latency.total(), done);
        statistics_.record(worst, translation.lookups, translation.latency);
        translation.latency = {};
    }
    if (worst != Outcome::invalid_fault) {
        issue_next_after(done);
    }
}

// The record must add up to the latency; if it does not, the model is wrong.
void AddressGeneratorModule::check_record(Cycles recorded, Cycles done) const {
    if (recorded != done - issued_) {
        throw ModelError(fmt::format(
            "the stages of the translation of {} issued at cycle {} sum to {} cycles, but it took "
            "{}",
            VirtualAddress{traced_virtual_address_}, issued_, recorded, done - issued_));
    }
}

void AddressGeneratorModule::issue_next_after(Cycles done) {
    clock_.at(std::max(done, issued_ + Cycles{1}), CyclePhase::issue, issue_action_);
}

std::optional<VirtualAddress> AddressGeneratorModule::translation_under_way() const {
    if (!under_way_) {
        return std::nullopt;
    }
    return payload_.translation().request.address;
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
    first_issue_.reset();
    last_completion_ = {};
    statistics_ = TranslationStatistics(levels_);
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
