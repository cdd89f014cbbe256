// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <optional>

namespace mmusim {

/// SFENCE.VMA (RISC-V privileged specification): without an address all pages, without an ASID all
/// address spaces. With an ASID, global pages are kept.
struct Fence {
    std::optional<VirtualAddress> address{};
    std::optional<Asid> asid{};
};

/// A part of the hardware that keeps translations.
class FenceTarget {
  public:
    FenceTarget() = default;
    FenceTarget(const FenceTarget&) = delete;
    FenceTarget& operator=(const FenceTarget&) = delete;
    FenceTarget(FenceTarget&&) = delete;
    FenceTarget& operator=(FenceTarget&&) = delete;
    virtual ~FenceTarget() = default;

    /// Forgets what the fence names, in the present cycle.
    virtual void fence(const Fence& fence) = 0;
};

}  // namespace mmusim
