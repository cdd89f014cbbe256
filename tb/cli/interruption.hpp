// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace mmusim::tb {

/// As long as it lives, SIGINT and SIGTERM are requests to end the simulation early and to write
/// what was done. A second one ends the program at once.
class Interruption {
  public:
    Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    Interruption(Interruption&&) = delete;
    Interruption& operator=(Interruption&&) = delete;
    ~Interruption();

    [[nodiscard]] const std::atomic<bool>& requested() const;
};

}  // namespace mmusim::tb
