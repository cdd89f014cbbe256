// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"

#include <systemc>

#include <functional>
#include <memory>
#include <vector>

namespace mmusim::tests {

/// The simulation of one test case: the first object of its body, and the only one in the process,
/// because the kernel elaborates once. Modules are built in the body itself, never under SECTION
/// or GENERATE, which run the body again.
///
/// What the modules' processes do is recorded; the body judges it after `run`.
class Simulation {
  public:
    /// Throws std::logic_error if this process has elaborated a simulation before.
    Simulation();

    [[nodiscard]] hw::ClockModule& clock() { return *clock_; }

    /// Has `what` done at that time.
    void at(Cycles when, hw::CyclePhase phase, std::function<void()> what);

    /// Has `look` called when all else of that cycle is done.
    void observe(Cycles when, std::function<void()> look) {
        at(when, hw::CyclePhase::observe, std::move(look));
    }

    /// Runs until nothing is left to do, and throws what an action threw.
    void run();

  private:
    class Call;

    std::unique_ptr<hw::ClockModule> clock_;
    std::vector<std::unique_ptr<hw::Action>> calls_;
};

}  // namespace mmusim::tests
