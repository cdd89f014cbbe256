// SPDX-License-Identifier: Apache-2.0
#include "hw/base/clock_module.hpp"

#include <utility>

namespace mmusim::hw {

ClockModule::ClockModule(const sc_core::sc_module_name& name, std::uint64_t period_ps)
    : sc_module(name),
      period_ps_(period_ps),
      kernel_units_per_cycle_(
          sc_core::sc_time(static_cast<double>(period_ps), sc_core::SC_PS).value()) {
    SC_HAS_PROCESS(ClockModule);
    SC_METHOD(run_cycle);
    sensitive << cycle_;
    dont_initialize();
}

void ClockModule::at(Cycles when, CyclePhase phase, Action& action) {
    agenda_.add(when, phase, action);
    if (!running_) {
        call_at(agenda_.next());
    }
}

void ClockModule::fail(std::exception_ptr failure) {
    if (!failure_) {
        failure_ = std::move(failure);
    }
    agenda_ = {};
    cycle_.cancel();
}

void ClockModule::rethrow_failure() const {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

void ClockModule::run_cycle() {
    now_ = *called_at_;
    called_at_.reset();
    running_ = true;
    try {
        while (!agenda_.empty() && agenda_.next() == now_) {
            agenda_.take().perform();
        }
    } catch (...) {
        fail(std::current_exception());
    }
    running_ = false;
    if (!agenda_.empty()) {
        call_at(agenda_.next());
    }
}

void ClockModule::call_at(Cycles when) {
    if (called_at_ && *called_at_ <= when) {
        return;
    }
    called_at_ = when;
    cycle_.notify(to_time(when - now_));
}

}  // namespace mmusim::hw
