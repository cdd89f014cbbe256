// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorded_regions.hpp"

#include <algorithm>
#include <iterator>

namespace mmusim::tb {

void RecordedRegions::map(const std::string& region, AddressSpan span) {
    unmap(span);
    parts_[span.start] = {.end = span.end, .region = region};
    named_[region] = span;
}

void RecordedRegions::unmap(AddressSpan span) {
    auto part = parts_.upper_bound(span.start);
    if (part != parts_.begin()) {
        --part;
    }
    while (part != parts_.end() && part->first < span.end) {
        const std::uint64_t start = part->first;
        const Part old = part->second;
        if (old.end <= span.start) {
            ++part;
            continue;
        }
        part = parts_.erase(part);
        if (start < span.start) {
            parts_[start] = {.end = span.start, .region = old.region};
        }
        if (span.end < old.end) {
            parts_[span.end] = old;
        }
    }
}

void RecordedRegions::resize(const std::string& region, std::uint64_t bytes) {
    AddressSpan& span = named_.at(region);
    unmap(span);
    span.end = span.start + bytes;
    parts_[span.start] = {.end = span.end, .region = region};
}

void RecordedRegions::move(const std::string& region, std::uint64_t to) {
    const AddressSpan from = named_.at(region);
    unmap(from);
    map(region, {.start = to, .end = to + from.bytes()});
}

std::optional<RegionReference> RecordedRegions::find(AddressSpan span) const {
    auto part = parts_.upper_bound(span.start);
    if (part != parts_.begin() && std::prev(part)->second.end > span.start) {
        --part;
    }
    if (part == parts_.end() || part->first >= span.end) {
        return std::nullopt;
    }
    const std::uint64_t start = std::max(span.start, part->first);
    const AddressSpan& named = named_.at(part->second.region);
    const bool uncut = part->first == named.start && part->second.end == named.end;
    return RegionReference{.region = part->second.region,
                           .offset = start - named.start,
                           .bytes = span.end - start,
                           .whole = uncut && start == named.start && span.end == named.end};
}

}  // namespace mmusim::tb
