// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fence.hpp"
#include "sw/machine.hpp"

#include <cstdint>

namespace mmusim::sw {

/// The one way to a fence, so that each is counted.
class FenceIssuer {
  public:
    explicit FenceIssuer(Machine& machine) : machine_(machine) {}

    void issue(const Fence& fence) {
        ++issued_;
        machine_.fence(fence);
    }

    /// Fences issued since the start or the last reset.
    [[nodiscard]] std::uint64_t issued() const { return issued_; }

    void reset_statistics() { issued_ = 0; }

  private:
    Machine& machine_;
    std::uint64_t issued_ = 0;
};

}  // namespace mmusim::sw
