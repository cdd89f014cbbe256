// SPDX-License-Identifier: Apache-2.0
#include "tb/jobs/child_processes.hpp"

#include "tb/jobs/child_process.hpp"

#include <algorithm>
#include <memory>
#include <sched.h>

namespace mmusim::tb {

namespace {

[[nodiscard]] bool is_interrupted(const JobHandling& handling) {
    return handling.interrupted != nullptr && handling.interrupted->load();
}

}  // namespace

std::size_t usable_processors() {
    cpu_set_t processors;
    CPU_ZERO(&processors);
    if (::sched_getaffinity(0, sizeof processors, &processors) != 0) {
        return 1;
    }
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&processors)));
}

bool do_in_child_processes(const std::vector<std::size_t>& jobs, const JobHandling& handling) {
    ChildProcesses children;
    const auto ended = [&handling](std::size_t job, const JobOutcome& outcome) {
        if (!is_ended_by_signal(outcome) || !is_interrupted(handling)) {
            handling.ended(job, outcome);
        }
    };
    auto next = jobs.begin();
    while (next != jobs.end() || !children.empty()) {
        while (next != jobs.end() && children.size() < handling.jobs_at_once) {
            if (is_interrupted(handling)) {
                return false;
            }
            children.push_back(std::make_unique<ChildProcess>(*next++, handling.work));
        }
        hear(children, ended);
        if (is_interrupted(handling)) {
            return false;
        }
        if (handling.waiting) {
            handling.waiting();
        }
    }
    return true;
}

}  // namespace mmusim::tb
