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
    end_.cancel();
}

void TlbWave::show_for(Cycles duration, TlbState state, const TranslationExtension& translation) {
    if (!begun_) {
        return;
    }
    show(state, translation);
    end_.name(clock_.now() + duration);
}

void TlbWave::trace(sc_core::sc_trace_file* file, const sc_core::sc_object& tlb) const {
    trace_enumeration(file, state_, wave_name(tlb, "state"));
    sc_core::sc_trace(file, virtual_page_, wave_name(tlb, "virtual_page"),
                      wave_bits_of_virtual_page);
    sc_core::sc_trace(file, asid_, wave_name(tlb, "asid"));
}

}  // namespace mmusim::hw
