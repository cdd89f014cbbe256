// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

namespace mmusim::hw {

/// How long a transaction waited for its turn, and how long it then took.
struct MemoryTiming {
    Cycles wait;
    Cycles service;

    bool operator==(const MemoryTiming&) const = default;

    [[nodiscard]] Cycles total() const { return wait + service; }
};

}  // namespace mmusim::hw
