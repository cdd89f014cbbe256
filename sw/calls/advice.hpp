// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::sw {

/// What a program says of its use of memory (madvise(2)).
enum class Advice : std::uint8_t {
    normal,
    random,
    sequential,
    willneed,
    dontneed,
    free,
    pageout,
    hugepage,
    nohugepage,
};

[[nodiscard]] constexpr auto enumerator_names(Advice) {
    return std::array<std::string_view, 9>{"normal",   "random",   "sequential",
                                           "willneed", "dontneed", "free",
                                           "pageout",  "hugepage", "nohugepage"};
}

}  // namespace mmusim::sw
