// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// What a cache is doing, for the waves.
enum class CacheState : std::uint8_t {
    idle,
    hit,   ///< an answer is on its way, and no line is
    miss,  ///< lines are on their way
    full,  ///< and somebody waits for an MSHR
};

[[nodiscard]] constexpr auto enumerator_names(CacheState) {
    return std::array<std::string_view, 4>{"idle", "hit", "miss", "full"};
}

}  // namespace mmusim::hw
