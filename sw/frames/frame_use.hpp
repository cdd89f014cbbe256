// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::sw {

/// What a frame is taken for.
enum class FrameUse : std::uint8_t {
    page_table,
    anonymous,
    file,
    others,  ///< what the rest of the system has, which is no program's and never comes back
};

[[nodiscard]] constexpr auto enumerator_names(FrameUse) {
    return std::array<std::string_view, 4>{"page_table", "anonymous", "file", "others"};
}

}  // namespace mmusim::sw
