// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_errand_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

void TlbModule::Errand::enter_miss_register() {
    in_miss_register_ = true;
    tlb_.clock_.at(std::max(tlb_.clock_.now(), ready_), CyclePhase::lookup, send_down_action_);
}

void TlbModule::Errand::send_down() {
    const Cycles now = tlb_.clock_.now();
    translation().latency.add(Stage::tlb_wait, now - ready_);
    tlb_.tell_wait(translation(), Stage::tlb_wait, ready_);
    tlb_.wave_.show(role_ == Role::miss ? TlbState::miss : TlbState::dirty_update, translation());
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status =
        tlb_.downstream_initiator->nb_transport_fw(*payload_, phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        answer_on_its_way_ = true;
        tlb_.clock_.at(now + tlb_.clock_.to_cycles(delay), CyclePhase::answer, answer_action_);
    }
}

// The answer of this array, or of the miss it has joined: not before its own lookup is over.
void TlbModule::Errand::answer_when_ready() {
    answer_on_its_way_ = true;
    tlb_.clock_.at(std::max(tlb_.clock_.now(), ready_), CyclePhase::answer, answer_action_);
}

void TlbModule::Errand::answered() {
    answer_on_its_way_ = false;
    if (std::exchange(answer_is_stale_, false)) {
        ask_again();
        return;
    }
    if (in_miss_register_) {
        tlb_.keep(*this);
        leave_miss_register();
    }
    const Answer answer{
        .page = translation().page, .levels = translation().levels, .walked = translation().walked};
    deliver();
    for (Errand* const errand : joined_) {
        errand->take_answer_of(answer);
    }
    joined_.clear();
    tlb_.errands_.give_back(*this);
}

void TlbModule::Errand::leave_miss_register() {
    in_miss_register_ = false;
    --tlb_.miss_registers_taken_;
    tlb_.serve_waiting_now();
}

// A fence has overtaken the answer, or the miss that this one had joined was no help. Asking again
// is no new lookup here.
void TlbModule::Errand::ask_again() {
    TranslationExtension& asked = translation();
    asked.page.reset();
    asked.fault.reset();
    asked.levels = level_;
    asked.asked_again = true;
    if (role_ == Role::hit) {
        role_ = Role::miss;
    }
    ready_ = std::max(ready_, tlb_.clock_.now());
    if (in_miss_register_) {
        enter_miss_register();
    } else {
        tlb_.request_miss_register(*this);
    }
}

// The miss that it has joined is over. Its page may still refuse this access, or lack its D bit;
// its fault may not be this one's.
void TlbModule::Errand::take_answer_of(const Answer& answer) {
    const Cycles now = tlb_.clock_.now();
    if (now > ready_) {
        translation().latency.add(Stage::merge_wait, now - ready_);
        tlb_.tell_wait(translation(), Stage::merge_wait, ready_);
        ready_ = now;
    }
    if (!answer.page) {
        ask_again();
        return;
    }
    translation().levels = answer.levels;
    translation().walked = answer.walked;
    role_ = tlb_.judge(translation(), *answer.page);
    if (role_ == Role::hit) {
        answer_when_ready();
    } else {
        tlb_.request_miss_register(*this);
    }
}

void TlbModule::Errand::deliver() {
    classify_miss();
    tlm::tlm_generic_payload& payload = *std::exchange(payload_, nullptr);
    tlb_.show_answered(translation_of(payload));
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    tlb_.upstream_target[upstream_]->nb_transport_bw(payload, phase, delay);
}

void TlbModule::Errand::classify_miss() {
    if (miss_to_classify_) {
        const std::optional<TranslatedPage>& page = translation().page;
        tlb_.classifier_->answered(*miss_to_classify_,
                                   page ? std::optional(page->size) : std::nullopt);
        miss_to_classify_.reset();
    }
}

void TlbModule::Errand::fence(const Fence& fence) {
    const TranslationExtension& asked = translation();
    if (answer_on_its_way_ && asked.page &&
        names(fence, *asked.page, asked.request.address, asked.request.context.asid)) {
        answer_is_stale_ = true;
    }
}

// The page is answered all the same, but must not be held above the TLB that has just evicted it.
void TlbModule::Errand::back_invalidate(const TlbArray::Entry& entry) {
    const TranslationExtension& asked = translation();
    const bool same_page = answer_on_its_way_ && asked.page == entry.page;
    if (same_page) {
        answer_is_kept_ = false;
    }
}

}  // namespace mmusim::hw
