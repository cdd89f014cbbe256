// SPDX-License-Identifier: Apache-2.0
// What stands between the words of a line.
#pragma once

#include <string_view>

namespace mmusim::tb {

/// With what some systems write before the line feed.
inline constexpr std::string_view blanks = " \t\r";

/// Whether there is nothing on the line.
[[nodiscard]] constexpr bool is_blank(std::string_view line) {
    return line.find_first_not_of(blanks) == std::string_view::npos;
}

}  // namespace mmusim::tb
