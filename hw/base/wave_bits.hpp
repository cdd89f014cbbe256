// SPDX-License-Identifier: Apache-2.0
// How wide the signals in wave files are, for who records them and for who makes views of them.
#pragma once

#include "hw/base/types.hpp"

#include <bit>
#include <cstddef>

namespace mmusim::hw {

/// How wide a vector must be that counts up to `count` values from 0; a viewer's filter names them.
[[nodiscard]] constexpr int wave_bits(std::size_t count) {
    return static_cast<int>(std::bit_width(count - 1));
}

inline constexpr int wave_bits_of_virtual_page = 64 - page_offset_bits;
inline constexpr int wave_bits_of_physical_address = 56;

}  // namespace mmusim::hw
