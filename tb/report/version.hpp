// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace mmusim::tb {

inline constexpr std::string_view program_name = "mmusim";

/// The program's own version: "1.2.3".
[[nodiscard]] std::string_view version();

}  // namespace mmusim::tb
