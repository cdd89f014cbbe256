// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/paging/translation_payload_module.hpp"
#include "hw/tlb/tlb_state.hpp"

#include <systemc>

#include <cstdint>

namespace mmusim::hw {

/// What the waves show of a TLB: what it does, and for which page. Nothing is kept track of before
/// `begin`.
class TlbWave {
  public:
    explicit TlbWave(ClockModule& clock) : clock_(clock) {}

    void begin() { begun_ = true; }
    [[nodiscard]] bool begun() const { return begun_; }

    /// From the present cycle until something else is shown.
    void show(TlbState state, const TranslationExtension& translation);

    /// What is answered at once is answered by nobody's event: it ends by itself after `duration`.
    void show_for(Cycles duration, TlbState state, const TranslationExtension& translation);

    void trace(sc_core::sc_trace_file* file, const sc_core::sc_object& tlb) const;

  private:
    void end_answer();
    void end_answer_later();

    ClockModule& clock_;
    bool begun_ = false;
    TlbState state_ = TlbState::idle;
    std::uint64_t virtual_page_ = 0;
    std::uint16_t asid_ = 0;
    Cycles until_;
    bool end_due_ = false;
    MemberAction<TlbWave> end_action_{*this, &TlbWave::end_answer};
};

}  // namespace mmusim::hw
