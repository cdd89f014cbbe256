// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/wave_end_module.hpp"
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

    /// It ends by itself after `duration`, unless something else is shown before.
    void show_for(Cycles duration, TlbState state, const TranslationExtension& translation);

    void trace(sc_core::sc_trace_file* file, const sc_core::sc_object& tlb) const;

  private:
    void show_idle() { state_ = TlbState::idle; }

    ClockModule& clock_;
    bool begun_ = false;
    TlbState state_ = TlbState::idle;
    std::uint64_t virtual_page_ = 0;
    std::uint16_t asid_ = 0;
    MemberAction<TlbWave> idle_action_{*this, &TlbWave::show_idle};
    WaveEnd end_{clock_, idle_action_};
};

}  // namespace mmusim::hw
