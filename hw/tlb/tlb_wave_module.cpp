// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_wave_module.hpp"

#include "hw/base/wave_module.hpp"

namespace mmusim::hw {

void TlbWave::show(TlbState state, const TranslationExtension& translation) {
    if (!begun_) {
        return;
    }
    state_ = state;
    virtual_page_ = page_number_of(translation.request.address).value;
    asid_ = translation.request.context.asid.value;
}

void TlbWave::show_for(Cycles duration, TlbState state, const TranslationExtension& translation) {
    if (!begun_) {
        return;
    }
    show(state, translation);
    until_ = clock_.now() + duration;
    if (!end_due_) {
        end_answer_later();
    }
}

void TlbWave::end_answer_later() {
    end_due_ = true;
    clock_.at(until_, CyclePhase::observe, end_action_);
}

void TlbWave::end_answer() {
    end_due_ = false;
    const bool answers = state_ == TlbState::hit || state_ == TlbState::denied;
    if (!answers) {
        return;
    }
    if (clock_.now() < until_) {
        end_answer_later();
        return;
    }
    state_ = TlbState::idle;
}

void TlbWave::trace(sc_core::sc_trace_file* file, const sc_core::sc_object& tlb) const {
    trace_enumeration(file, state_, wave_name(tlb, "state"));
    sc_core::sc_trace(file, virtual_page_, wave_name(tlb, "virtual_page"),
                      wave_bits_of_virtual_page);
    sc_core::sc_trace(file, asid_, wave_name(tlb, "asid"));
}

}  // namespace mmusim::hw
