// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace mmusim::tests {

/// This machine does not do what is needed: a limit, a filter of system calls, no disk.
class MachineRefusal : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace mmusim::tests
