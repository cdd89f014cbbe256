// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/paging/translation.hpp"

namespace mmusim::hw {

/// Whoever the core traps into: the operating system, seen from the hardware. The core stands still
/// from each of these calls on, until it is told how to go on.
class Supervisor {
  public:
    Supervisor() = default;
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    Supervisor(Supervisor&&) = delete;
    Supervisor& operator=(Supervisor&&) = delete;
    virtual ~Supervisor() = default;

    /// An access of the running program could not be translated or made.
    virtual void page_fault(const PageFault& fault) = 0;

    /// The running program's turn is over, between two of its accesses.
    virtual void turn_over() = 0;

    /// The running program has made its last access.
    virtual void program_ended() = 0;

    /// The observer has stopped the core: it issues no access any more. What is parked can still be
    /// resumed and finished; when that is done, this is called again.
    virtual void stopped() = 0;
};

}  // namespace mmusim::hw
