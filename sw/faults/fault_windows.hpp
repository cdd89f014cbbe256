// SPDX-License-Identifier: Apache-2.0
// How much more than its one page a fault of a file brings in.
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"
#include "sw/spaces/region_map.hpp"

#include <algorithm>
#include <cstdint>

namespace mmusim::sw {

/// Pages [first, end) of an object.
struct PageRange {
    std::uint64_t first = 0;
    std::uint64_t end = 0;

    constexpr bool operator==(const PageRange&) const = default;
};

/// What is read from storage where `page` of a file of `file_pages` is missing: a window of
/// `window_pages` around it, which begins with the file at the earliest; from it on, where the
/// program reads in sequence; it alone, where the program reads at random.
[[nodiscard]] constexpr PageRange read_ahead(std::uint64_t page, std::uint64_t file_pages,
                                             std::uint64_t window_pages, AccessPattern pattern) {
    if (pattern == AccessPattern::random || window_pages <= 1) {
        return {.first = page, .end = page + 1};
    }
    const std::uint64_t before =
        pattern == AccessPattern::sequential ? 0 : std::min(page, window_pages / 2);
    const std::uint64_t first = page - before;
    return {.first = first, .end = std::min(first + window_pages, file_pages)};
}

/// The group of `group_pages` pages, a power of two, that holds the address: aligned to its own
/// size in virtual memory, as far as it lies in the region.
[[nodiscard]] constexpr PageSpan fault_around(const Region& region, VirtualAddress address,
                                              std::uint64_t group_pages) {
    const std::uint64_t group_bytes = std::max<std::uint64_t>(group_pages, 1) * page_bytes;
    const std::uint64_t start = address.value / group_bytes * group_bytes;
    return {.start = std::max(region.start, VirtualAddress{start}),
            .end = std::min(region.end, VirtualAddress{start + group_bytes})};
}

}  // namespace mmusim::sw
