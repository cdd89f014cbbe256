// SPDX-License-Identifier: Apache-2.0
#include "tb/check/mapped_regions.hpp"

#include <iterator>

namespace mmusim::tb {

std::vector<sw::Region> MappedRegions::take(sw::PageSpan span) {
    std::vector<sw::Region> taken = in(span);
    for (const sw::Region& piece : taken) {
        const sw::Region whole = *find(piece.start);
        regions_.erase(whole.start);
        if (whole.start < piece.start) {
            add(whole.piece(whole.start, piece.start));
        }
        if (piece.end < whole.end) {
            add(whole.piece(piece.end, whole.end));
        }
    }
    return taken;
}

const sw::Region* MappedRegions::find(VirtualAddress address) const {
    const auto next = regions_.upper_bound(address);
    if (next == regions_.begin()) {
        return nullptr;
    }
    const sw::Region& candidate = std::prev(next)->second;
    return candidate.contains(address) ? &candidate : nullptr;
}

std::vector<sw::Region> MappedRegions::in(sw::PageSpan span) const {
    std::vector<sw::Region> pieces;
    for (const auto& [start, region] : regions_) {
        if (start < span.end && span.start < region.end) {
            pieces.push_back(region.piece(span.start, span.end));
        }
    }
    return pieces;
}

}  // namespace mmusim::tb
