// SPDX-License-Identifier: Apache-2.0
#include "sw/reclaim/next_access.hpp"

#include <algorithm>

namespace mmusim::sw {

namespace {

using Distance = std::optional<std::uint64_t>;

Distance nearer(Distance left, Distance right) {
    if (!left || !right) {
        return left ? left : right;
    }
    return std::min(*left, *right);
}

// By whoever can see the page in one of its regions. Most pages of a file come before somebody maps
// them.
Distance next_access_to_object(const ObjectPage& page, const Processes& processes,
                               const PageFuture& future) {
    Distance nearest;
    for (const Process& process : processes) {
        for (const Region& region : process.space.regions.all()) {
            const bool shown = region.object == page.object && page.page >= region.object_page &&
                               page.page - region.object_page < region.pages();
            if (shown) {
                const VirtualPageNumber first = page_number_of(region.start);
                nearest = nearer(
                    nearest,
                    future.next_access(process.id, first + (page.page - region.object_page)));
            }
        }
    }
    return nearest;
}

}  // namespace

std::optional<std::uint64_t> next_access(const Frame& frame, const Processes& processes,
                                         const PageFuture& future) {
    if (frame.object_page) {
        return next_access_to_object(*frame.object_page, processes, future);
    }
    Distance nearest;
    for (const PageMapping& mapping : frame.mappings) {
        nearest = nearer(nearest, future.next_access(mapping.process, mapping.page));
    }
    // Before a huge page leaves it is split: the page that leaves is its first.
    for (const PageMapping& mapping : frame.huge_mappings) {
        nearest = nearer(nearest, future.next_access(mapping.process, mapping.page));
    }
    return nearest;
}

}  // namespace mmusim::sw
