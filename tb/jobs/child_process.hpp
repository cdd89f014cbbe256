// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/jobs/job.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mmusim::tb {

/// One process that does one job and writes its answer into a pipe. It ends with this object, and
/// with the process that made it.
class ChildProcess {
  public:
    ChildProcess(std::size_t job, const std::function<std::string(std::size_t)>& work);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ChildProcess(ChildProcess&&) = delete;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();

    [[nodiscard]] std::size_t job() const { return job_; }

    /// Readable when there is something to take, or the child has ended.
    [[nodiscard]] int descriptor() const { return pipe_; }

    /// Takes a part of the answer; false: there is no more.
    [[nodiscard]] bool take();

    /// After the last part: waits for the end, and says what became of the job.
    [[nodiscard]] JobOutcome end();

  private:
    std::size_t job_;
    pid_t process_ = 0;  // 0: it has ended
    int pipe_ = -1;
    std::string answer_;
};

using ChildProcesses = std::vector<std::unique_ptr<ChildProcess>>;

/// Takes what they say, after a fifth of a second at most. Those that have ended leave the list,
/// and `ended` is told of each. Throws std::system_error.
void hear(ChildProcesses& children,
          const std::function<void(std::size_t job, const JobOutcome& outcome)>& ended);

/// Whether a process that this signal ended was asked to end, as all processes of a terminal or of
/// a batch job are.
[[nodiscard]] bool asks_to_end(int signal);

}  // namespace mmusim::tb
