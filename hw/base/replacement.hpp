// SPDX-License-Identifier: Apache-2.0
// Replacement policies, shared by every set-associative structure.
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

enum class Replacement : std::uint8_t {
    lru,     ///< the way whose last use (hit or fill) is longest ago
    fifo,    ///< the way whose fill is longest ago
    random,  ///< any way, by the generator of the configuration's seed
};

[[nodiscard]] constexpr auto enumerator_names(Replacement) {
    return std::array<std::string_view, 3>{"lru", "fifo", "random"};
}

}  // namespace mmusim::hw
