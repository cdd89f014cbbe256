// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/jobs/child_process.hpp"
#include "tb/jobs/job.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// A semaphore that this process shares with those it makes.
class Permits {
  public:
    /// Throws std::system_error.
    explicit Permits(std::size_t count);
    Permits(const Permits&) = delete;
    Permits& operator=(const Permits&) = delete;
    Permits(Permits&&) = delete;
    Permits& operator=(Permits&&) = delete;
    ~Permits();

    /// Waits until there is one.
    void take() const;
    void give() const;

  private:
    int descriptor_;
};

/// Jobs in child processes while this one does work of its own. All processes are there from the
/// beginning, since this one may make SystemC objects next, and each waits until it may work.
class JobsBeside {
  public:
    /// Begins jobs 0, 1 … `jobs`-1, `at_once` of which work at a time. Throws std::system_error
    /// where the host has no more processes.
    JobsBeside(std::size_t jobs, std::size_t at_once,
               const std::function<std::string(std::size_t job)>& work);
    JobsBeside(const JobsBeside&) = delete;
    JobsBeside& operator=(const JobsBeside&) = delete;
    JobsBeside(JobsBeside&&) = delete;
    JobsBeside& operator=(JobsBeside&&) = delete;
    /// Ends the jobs under way.
    ~JobsBeside() = default;

    /// One more may work at a time: this process has done its own work.
    void let_another_work() const { permits_.give(); }

    /// Waits for the end of all, or until `interrupted`. By job; nothing where a job was
    /// interrupted.
    [[nodiscard]] std::vector<std::optional<JobOutcome>> wait(const std::atomic<bool>& interrupted);

  private:
    Permits permits_;
    std::size_t jobs_;
    ChildProcesses children_;
};

}  // namespace mmusim::tb
