// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::sw {

/// What a frame is taken for.
enum class FrameUse : std::uint8_t { page_table, anonymous, file };

[[nodiscard]] constexpr auto enumerator_names(FrameUse) {
    return std::array<std::string_view, 3>{"page_table", "anonymous", "file"};
}

}  // namespace mmusim::sw
