// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/scheduler.hpp"

namespace mmusim::sw {

void Scheduler::add(ProcessId process) {
    runnable_.push_back(process);
}

void Scheduler::remove(ProcessId process) {
    std::erase(runnable_, process);
}

std::optional<ProcessId> Scheduler::next() {
    if (runnable_.empty()) {
        return std::nullopt;
    }
    const ProcessId process = runnable_.front();
    runnable_.pop_front();
    runnable_.push_back(process);
    return process;
}

}  // namespace mmusim::sw
