// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace mmusim::tb {

/// A line on standard error that says how far the simulation is, where that is a terminal.
class Progress {
  public:
    Progress();

    /// Shows the accesses made so far, a few times a second at most.
    void show(std::uint64_t accesses);

    /// Removes the line, whoever has shown it.
    void clear() const;

  private:
    using Clock = std::chrono::steady_clock;

    bool on_terminal_;
    Clock::time_point started_;
    Clock::time_point last_shown_;
};

}  // namespace mmusim::tb
