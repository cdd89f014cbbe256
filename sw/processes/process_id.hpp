// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace mmusim::sw {

/// Names a process, from 0 in the order of their creation, also after it has exited.
struct ProcessId {
    std::uint32_t value = 0;

    constexpr auto operator<=>(const ProcessId&) const = default;
};

}  // namespace mmusim::sw
