// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/agenda.hpp"
#include "hw/base/types.hpp"

#include <systemc>

#include <cstdint>
#include <exception>
#include <optional>

namespace mmusim::hw {

/// A clock without edges: modules name the cycle in which they have something to do, and only those
/// cycles come to pass. It owns the one relation between cycles and kernel time.
class ClockModule final : public sc_core::sc_module {
  public:
    ClockModule(const sc_core::sc_module_name& name, std::uint64_t period_ps);

    /// The length of a cycle.
    [[nodiscard]] std::uint64_t period_ps() const { return period_ps_; }

    /// The present cycle.
    [[nodiscard]] Cycles now() const { return now_; }

    /// Has `action` performed at `when`, which is not in the past.
    void at(Cycles when, CyclePhase phase, Action& action);

    /// Stops the simulation: what is on the agenda is dropped. An exception must not leave through
    /// the kernel, which would make a report of it; it is kept here.
    void fail(std::exception_ptr failure);

    /// Throws what an action, or somebody by `fail`, has thrown.
    void rethrow_failure() const;

    /// So long is that in kernel time.
    [[nodiscard]] sc_core::sc_time to_time(Cycles duration) const {
        return sc_core::sc_time::from_value(duration.value * kernel_units_per_cycle_);
    }

    /// How many cycles that kernel time is; it was made by `to_time`.
    [[nodiscard]] Cycles to_cycles(const sc_core::sc_time& time) const {
        return {time.value() / kernel_units_per_cycle_};
    }

  private:
    void run_cycle();
    void call_at(Cycles when);

    std::uint64_t period_ps_;
    std::uint64_t kernel_units_per_cycle_;
    Agenda agenda_;
    Cycles now_;
    bool running_ = false;
    std::optional<Cycles> called_at_;
    std::exception_ptr failure_;
    sc_core::sc_event cycle_{"cycle"};
};

}  // namespace mmusim::hw
