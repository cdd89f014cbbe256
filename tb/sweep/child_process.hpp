// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/sweep/child_processes.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <sys/types.h>

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

/// Whether a process that this signal ended was asked to end, as all processes of a terminal or of
/// a batch job are.
[[nodiscard]] bool asks_to_end(int signal);

}  // namespace mmusim::tb
