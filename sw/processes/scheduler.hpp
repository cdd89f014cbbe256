// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/processes/process.hpp"

#include <deque>
#include <optional>

namespace mmusim::sw {

/// Round robin: whose turn it is.
class Scheduler {
  public:
    /// The process takes its turn after all that are runnable now.
    void add(ProcessId process);

    /// The process gets no more turns.
    void remove(ProcessId process);

    /// Passes the turn on; none when nobody is runnable.
    [[nodiscard]] std::optional<ProcessId> next();

  private:
    std::deque<ProcessId> runnable_;  // the next turn first
};

}  // namespace mmusim::sw
