// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>

namespace mmusim::sw {

/// Where a region goes that asks for no place, in an address space whose regions have never ended
/// above `highest_end`: on a boundary of 2 MiB, with at least 2 MiB below it, so that no two
/// regions share a page table by accident.
[[nodiscard]] constexpr VirtualAddress next_place(VirtualAddress highest_end) {
    constexpr VirtualAddress first_place{0x4000'0000};
    constexpr std::uint64_t alignment = std::uint64_t{2} << 20U;
    if (highest_end < first_place) {
        return first_place;
    }
    return {(highest_end.value + 2 * alignment - 1) / alignment * alignment};
}

}  // namespace mmusim::sw
