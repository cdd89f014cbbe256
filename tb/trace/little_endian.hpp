// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstring>

namespace mmusim::tb {

/// The number that begins at `bytes`, its lowest byte first.
template <std::unsigned_integral Number>
[[nodiscard]] Number little_endian(const char* bytes) {
    std::array<char, sizeof(Number)> ordered{};
    std::memcpy(ordered.data(), bytes, ordered.size());
    if constexpr (std::endian::native == std::endian::big) {
        std::reverse(ordered.begin(), ordered.end());
    }
    return std::bit_cast<Number>(ordered);
}

}  // namespace mmusim::tb
