// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/processes/process_id.hpp"

#include <algorithm>
#include <cstddef>
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

    [[nodiscard]] bool contains(ProcessId process) const {
        return std::find(runnable_.begin(), runnable_.end(), process) != runnable_.end();
    }
    [[nodiscard]] std::size_t size() const { return runnable_.size(); }

  private:
    std::deque<ProcessId> runnable_;  // the next turn first
};

}  // namespace mmusim::sw
