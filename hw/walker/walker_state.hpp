// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// What a walker is doing, for the waves.
enum class WalkerState : std::uint8_t {
    idle,
    start,
    cache,  ///< looking into the walk cache
    step,
    read,
    update,
    finish,
};

[[nodiscard]] constexpr auto enumerator_names(WalkerState) {
    return std::array<std::string_view, 7>{"idle", "start",  "cache", "step",
                                           "read", "update", "finish"};
}

}  // namespace mmusim::hw
