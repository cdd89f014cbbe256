// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/sweep_progress.hpp"

#include <fmt/format.h>

#include <iostream>
#include <string>
#include <unistd.h>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string clock_text(double seconds) {
    constexpr unsigned long per_minute = 60;
    constexpr unsigned long per_hour = 3600;
    const auto whole = static_cast<unsigned long>(seconds + 1);
    return fmt::format("{}:{:02}:{:02}", whole / per_hour, whole % per_hour / per_minute,
                       whole % per_minute);
}

}  // namespace

SweepProgress::SweepProgress(std::size_t jobs)
    : on_terminal_(isatty(STDERR_FILENO) == 1), jobs_(jobs) {}

void SweepProgress::begin(std::size_t done_before) {
    done_before_ = done_before;
    started_ = Clock::now();
}

void SweepProgress::note(bool failed) {
    ++done_;
    failed_ += failed ? 1 : 0;
}

void SweepProgress::show() {
    if (!on_terminal_) {
        return;
    }
    shown_ = true;
    std::string line = fmt::format("{} of {} simulations", done_before_ + done_, jobs_);
    if (failed_ != 0) {
        line += fmt::format(", {} failed", failed_);
    }
    if (done_ != 0) {
        const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
        const auto left = static_cast<double>(jobs_ - done_before_ - done_);
        line += fmt::format(", {} left", clock_text(seconds / static_cast<double>(done_) * left));
    }
    std::cerr << '\r' << line << "\033[K" << std::flush;
}

void SweepProgress::clear() {
    if (shown_) {
        std::cerr << "\r\033[K" << std::flush;
        shown_ = false;
    }
}

}  // namespace mmusim::tb
