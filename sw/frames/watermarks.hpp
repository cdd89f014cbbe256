// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <algorithm>
#include <cstdint>

namespace mmusim::sw {

/// How many frames are to be free, as Linux has it (mm/page_alloc.c,
/// calculate_min_free_kbytes and __setup_per_zone_wmarks).
struct Watermarks {
    std::uint64_t minimum = 0;  ///< kept for page tables
    std::uint64_t low = 0;      ///< below, pages are made to leave
    std::uint64_t high = 0;     ///< until so many are free

    constexpr bool operator==(const Watermarks&) const = default;
};

/// Of a memory of so many frames: the minimum is the root of sixteen times its kilobytes, in
/// kilobytes, 64 MiB and a 64th of the memory at most; the others lie a quarter and a half of it
/// higher.
[[nodiscard]] constexpr Watermarks watermarks_of(std::uint64_t frames) {
    constexpr std::uint64_t kilobytes_per_frame = page_bytes / 1024;
    constexpr std::uint64_t largest_minimum = 65536 / kilobytes_per_frame;
    const std::uint64_t target = 16 * frames * kilobytes_per_frame;
    std::uint64_t root = 0;
    while (root / kilobytes_per_frame < largest_minimum && (root + 1) * (root + 1) <= target) {
        ++root;
    }
    const std::uint64_t minimum = std::min(root / kilobytes_per_frame, frames / 64);
    return {.minimum = minimum, .low = minimum + minimum / 4, .high = minimum + minimum / 2};
}

}  // namespace mmusim::sw
