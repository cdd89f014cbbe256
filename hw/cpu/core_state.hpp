// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// What the core is doing, for the waves.
enum class CoreState : std::uint8_t {
    idle,
    translate,
    retry,
    trapped,
    access,  ///< a translated access is at memory
};

[[nodiscard]] constexpr auto enumerator_names(CoreState) {
    return std::array<std::string_view, 5>{"idle", "translate", "retry", "trapped", "access"};
}

}  // namespace mmusim::hw
