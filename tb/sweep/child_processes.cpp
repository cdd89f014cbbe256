// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/child_processes.hpp"

#include "tb/sweep/child_process.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <sched.h>
#include <system_error>
#include <utility>

namespace mmusim::tb {

namespace {

using Children = std::vector<std::unique_ptr<ChildProcess>>;

// The children that have something to say, after a while at most.
[[nodiscard]] std::vector<bool> listen_to(const Children& children) {
    constexpr int milliseconds = 200;
    std::vector<pollfd> ears;
    for (const auto& child : children) {
        ears.push_back({.fd = child->descriptor(), .events = POLLIN, .revents = 0});
    }
    const int ready = ::poll(ears.data(), ears.size(), milliseconds);
    if (ready < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "waiting for child processes");
    }
    std::vector<bool> speaks(children.size(), false);
    if (ready > 0) {
        std::transform(ears.begin(), ears.end(), speaks.begin(),
                       [](const pollfd& ear) { return ear.revents != 0; });
    }
    return speaks;
}

[[nodiscard]] bool is_interrupted(const JobHandling& handling) {
    return handling.interrupted != nullptr && handling.interrupted->load();
}

// Takes what the children say; those that have ended leave the list. False: interrupted.
[[nodiscard]] bool hear(Children& children, const JobHandling& handling) {
    const std::vector<bool> speaks = listen_to(children);
    for (std::size_t index = 0; index < children.size(); ++index) {
        if (!speaks[index] || children[index]->take()) {
            continue;
        }
        const std::unique_ptr<ChildProcess> ended = std::move(children[index]);
        const JobOutcome outcome = ended->end();
        if (is_ended_by_signal(outcome) && is_interrupted(handling)) {
            continue;
        }
        handling.ended(ended->job(), outcome);
    }
    children.erase(std::remove(children.begin(), children.end(), nullptr), children.end());
    return !is_interrupted(handling);
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

bool is_ended_by_signal(const JobOutcome& outcome) {
    const auto* const failure = std::get_if<JobFailure>(&outcome);
    return failure != nullptr && failure->cause == JobFailure::Cause::by_signal;
}

bool do_in_child_processes(const std::vector<std::size_t>& jobs, const JobHandling& handling) {
    Children children;
    auto next = jobs.begin();
    while (next != jobs.end() || !children.empty()) {
        while (next != jobs.end() && children.size() < handling.jobs_at_once) {
            if (is_interrupted(handling)) {
                return false;
            }
            children.push_back(std::make_unique<ChildProcess>(*next++, handling.work));
        }
        if (!hear(children, handling)) {
            return false;
        }
        if (handling.waiting) {
            handling.waiting();
        }
    }
    return true;
}

}  // namespace mmusim::tb
