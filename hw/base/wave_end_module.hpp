// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"

#include <optional>

namespace mmusim::hw {

/// When something ends that waves show. What is answered at once has its end known when it begins,
/// and no event of the machine comes then: this one does.
class WaveEnd {
  public:
    /// `ended` is performed, in the phase `observe`, in the cycle that was named last.
    WaveEnd(ClockModule& clock, Action& ended) : clock_(clock), ended_(ended) {}

    /// In the place of what was named before. Ends are named in the order in which they come.
    void name(Cycles end) {
        end_ = end;
        if (!due_) {
            come_at(end);
        }
    }
    void cancel() { end_.reset(); }

    /// Whether a later cycle than the present one is named.
    [[nodiscard]] bool is_to_come() const { return end_ && clock_.now() < *end_; }

  private:
    void come_at(Cycles when) {
        due_ = true;
        clock_.at(when, CyclePhase::observe, come_action_);
    }

    void come() {
        due_ = false;
        if (!end_) {
            return;
        }
        if (is_to_come()) {
            come_at(*end_);
            return;
        }
        end_.reset();
        ended_.perform();
    }

    ClockModule& clock_;
    Action& ended_;
    std::optional<Cycles> end_;
    bool due_ = false;
    MemberAction<WaveEnd> come_action_{*this, &WaveEnd::come};
};

}  // namespace mmusim::hw
