// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::sw {

/// Whose page leaves when a process needs a frame.
enum class ReplacementScope : std::uint8_t {
    global,  ///< anybody's
    local,   ///< one of its own, as long as it has any
};

[[nodiscard]] constexpr auto enumerator_names(ReplacementScope) {
    return std::array<std::string_view, 2>{"global", "local"};
}

}  // namespace mmusim::sw
