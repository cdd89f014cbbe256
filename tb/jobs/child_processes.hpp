// SPDX-License-Identifier: Apache-2.0
// Simulations side by side: the SystemC kernel has one per process.
#pragma once

#include "tb/jobs/job.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// How many processes this one may run at once: the processors that it is allowed to use.
[[nodiscard]] std::size_t usable_processors();

/// What is done, and who is told.
struct JobHandling {
    /// At least 1.
    std::size_t jobs_at_once = 1;
    /// In the child process, which has a copy of all that this one has.
    std::function<std::string(std::size_t job)> work;
    /// In this process, as each job ends. What it throws ends the other jobs.
    std::function<void(std::size_t job, const JobOutcome& outcome)> ended;
    /// In this process, several times a second.
    std::function<void()> waiting{};
    /// Set from outside to end all jobs under way, which then have no outcome.
    const std::atomic<bool>* interrupted = nullptr;
};

/// Does the jobs, each in a child process of its own, begun in the order given. Returns whether all
/// have ended: false where it was interrupted. Throws std::system_error where the host has no more
/// processes. This process has made no SystemC object and no thread.
[[nodiscard]] bool do_in_child_processes(const std::vector<std::size_t>& jobs,
                                         const JobHandling& handling);

}  // namespace mmusim::tb
