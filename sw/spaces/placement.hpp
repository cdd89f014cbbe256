// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <algorithm>
#include <cstdint>

namespace mmusim::sw {

/// Where a region goes that asks for no place, in an address space whose regions have never ended
/// above `highest_end`: on a boundary of 2 MiB, or of its pages of `page` bytes where those are
/// larger, with at least 2 MiB below it, so that no two regions share a page table by accident.
[[nodiscard]] constexpr VirtualAddress next_place(VirtualAddress highest_end,
                                                  std::uint64_t page = page_bytes) {
    constexpr VirtualAddress first_place{0x4000'0000};
    constexpr std::uint64_t distance = std::uint64_t{2} << 20U;
    const std::uint64_t alignment = std::max(distance, page);
    const std::uint64_t lowest =
        std::max(first_place.value, highest_end < first_place ? 0 : highest_end.value + distance);
    return {(lowest + alignment - 1) / alignment * alignment};
}

}  // namespace mmusim::sw
