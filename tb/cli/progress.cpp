// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/progress.hpp"

#include <fmt/format.h>

#include <iostream>
#include <unistd.h>

namespace mmusim::tb {

namespace {

constexpr std::chrono::milliseconds between_updates{200};
constexpr double million = 1e6;

}  // namespace

Progress::Progress()
    : on_terminal_(isatty(STDERR_FILENO) == 1), started_(Clock::now()), last_shown_(started_) {}

void Progress::show(std::uint64_t accesses) {
    if (!on_terminal_) {
        return;
    }
    const Clock::time_point now = Clock::now();
    if (now - last_shown_ < between_updates) {
        return;
    }
    last_shown_ = now;
    const double seconds = std::chrono::duration<double>(now - started_).count();
    const double done = static_cast<double>(accesses) / million;
    std::cerr << fmt::format("\r{:.1f} million accesses, {:.1f} million per second ", done,
                             done / seconds)
              << std::flush;
}

void Progress::clear() const {
    if (on_terminal_) {
        std::cerr << "\r\033[K" << std::flush;
    }
}

}  // namespace mmusim::tb
