// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/address_space.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <iterator>

namespace mmusim::sw {

void AddressSpace::map(const Region& region) {
    const bool whole_pages = region.start.page_offset() == 0 && region.end.page_offset() == 0;
    if (!whole_pages || region.end <= region.start || overlaps(region)) {
        throw ModelError(
            fmt::format("region [{}, {}) cannot be mapped: expected whole pages that no "
                        "other region holds",
                        region.start, region.end));
    }
    regions_.emplace(region.start, region);
}

std::optional<Region> AddressSpace::find(VirtualAddress address) const {
    const auto next = regions_.upper_bound(address);
    if (next == regions_.begin()) {
        return std::nullopt;
    }
    const Region& candidate = std::prev(next)->second;
    return candidate.contains(address) ? std::optional(candidate) : std::nullopt;
}

// Regions do not overlap each other, so only the last that starts before `region` ends can reach
// into it.
bool AddressSpace::overlaps(const Region& region) const {
    const auto next = regions_.lower_bound(region.end);
    return next != regions_.begin() && region.start < std::prev(next)->second.end;
}

}  // namespace mmusim::sw
