// SPDX-License-Identifier: Apache-2.0
#include "tests/support/simulation.hpp"

#include <stdexcept>
#include <utility>

namespace mmusim::tests {

namespace {

constexpr std::uint64_t period_ps = 1000;

void refuse_a_second_elaboration() {
    static bool elaborated = false;
    if (elaborated) {
        throw std::logic_error(
            "a second simulation in one process: the kernel elaborates once; run each test case in "
            "a process of its own, and build modules in its body, not under SECTION or GENERATE");
    }
    elaborated = true;
}

}  // namespace

class Simulation::Call final : public hw::Action {
  public:
    explicit Call(std::function<void()> what) : what_(std::move(what)) {}

    void perform() override { what_(); }

  private:
    std::function<void()> what_;
};

Simulation::Simulation() {
    refuse_a_second_elaboration();
    clock_ = std::make_unique<hw::ClockModule>("clock", period_ps);
}

void Simulation::at(Cycles when, hw::CyclePhase phase, std::function<void()> what) {
    calls_.push_back(std::make_unique<Call>(std::move(what)));
    clock_->at(when, phase, *calls_.back());
}

void Simulation::run() {
    sc_core::sc_start();
    clock_->rethrow_failure();
}

}  // namespace mmusim::tests
