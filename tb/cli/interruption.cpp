// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/interruption.hpp"

#include <csignal>

namespace mmusim::tb {

namespace {

// A signal handler can reach nothing but a global.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> interruption_requested = false;

static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

extern "C" void request_interruption(int signal) {
    interruption_requested = true;
    std::signal(signal, SIG_DFL);
}

}  // namespace

Interruption::Interruption() {
    interruption_requested = false;
    std::signal(SIGINT, request_interruption);
    std::signal(SIGTERM, request_interruption);
}

Interruption::~Interruption() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& Interruption::requested() const {
    return interruption_requested;
}

}  // namespace mmusim::tb
