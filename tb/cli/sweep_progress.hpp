// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace mmusim::tb {

/// A line on standard error that says how far a sweep is and how long the rest will take, where
/// that is a terminal.
class SweepProgress {
  public:
    explicit SweepProgress(std::size_t jobs);

    /// The work begins; so many jobs were done before.
    void begin(std::size_t done_before);

    void note(bool failed);
    void show();

    /// Removes the line.
    void clear();

  private:
    using Clock = std::chrono::steady_clock;

    bool on_terminal_;
    bool shown_ = false;
    std::size_t jobs_;
    std::size_t done_before_ = 0;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
    Clock::time_point started_{};
};

}  // namespace mmusim::tb
