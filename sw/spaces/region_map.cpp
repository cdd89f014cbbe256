// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/region_map.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <iterator>

namespace mmusim::sw {

void RegionMap::insert(const Region& region) {
    const bool whole_pages = region.start.page_offset() == 0 && region.end.page_offset() == 0;
    const bool fits = whole_pages && region.start < region.end && free({region.start, region.end});
    if (!fits) {
        throw ModelError(
            fmt::format("region [{}, {}) cannot be mapped: expected whole pages that no "
                        "other region holds",
                        region.start, region.end));
    }
    const auto inserted = merge_with_previous(regions_.emplace(region.start, region).first);
    const auto next = std::next(inserted);
    if (next != regions_.end()) {
        merge_with_previous(next);
    }
}

std::vector<Region> RegionMap::remove(PageSpan span) {
    std::vector<Region> removed;
    auto next = first_in(span);
    while (next != regions_.end() && next->second.start < span.end) {
        const Region whole = next->second;
        next = regions_.erase(next);
        removed.push_back(whole.piece(span.start, span.end));
        if (whole.start < span.start) {
            regions_.emplace(whole.start, whole.piece(whole.start, span.start));
        }
        if (span.end < whole.end) {
            next = regions_.emplace(span.end, whole.piece(span.end, whole.end)).first;
        }
    }
    return removed;
}

void RegionMap::change(PageSpan span, const std::function<void(Region&)>& change) {
    for (Region region : remove(span)) {
        change(region);
        insert(region);
    }
}

std::optional<Region> RegionMap::find(VirtualAddress address) const {
    const auto next = regions_.upper_bound(address);
    if (next == regions_.begin()) {
        return std::nullopt;
    }
    const Region& candidate = std::prev(next)->second;
    return candidate.contains(address) ? std::optional(candidate) : std::nullopt;
}

std::optional<Region> RegionMap::first_from(VirtualAddress address) const {
    const auto first = first_in({.start = address, .end = address + 1});
    return first == regions_.end() ? std::nullopt : std::optional(first->second);
}

void RegionMap::note_own_pages(VirtualAddress address) {
    std::prev(regions_.upper_bound(address))->second.has_own_pages = true;
}

std::vector<Region> RegionMap::in(PageSpan span) const {
    std::vector<Region> pieces;
    auto next = first_in(span);
    while (next != regions_.end() && next->second.start < span.end) {
        pieces.push_back(next->second.piece(span.start, span.end));
        ++next;
    }
    return pieces;
}

bool RegionMap::covers(PageSpan span) const {
    VirtualAddress covered_to = span.start;
    for (const Region& piece : in(span)) {
        if (piece.start != covered_to) {
            return false;
        }
        covered_to = piece.end;
    }
    return covered_to == span.end;
}

bool RegionMap::free(PageSpan span) const {
    const auto first = first_in(span);
    return first == regions_.end() || span.end <= first->second.start;
}

std::vector<Region> RegionMap::all() const {
    std::vector<Region> result;
    result.reserve(regions_.size());
    for (const auto& [start, region] : regions_) {
        result.push_back(region);
    }
    return result;
}

// The first region that ends after the span's start.
RegionMap::Regions::const_iterator RegionMap::first_in(PageSpan span) const {
    const auto next = regions_.upper_bound(span.start);
    if (next == regions_.begin()) {
        return next;
    }
    const auto previous = std::prev(next);
    return span.start < previous->second.end ? previous : next;
}

RegionMap::Regions::iterator RegionMap::merge_with_previous(Regions::iterator region) {
    if (region == regions_.begin()) {
        return region;
    }
    const auto previous = std::prev(region);
    if (!previous->second.continued_by(region->second)) {
        return region;
    }
    previous->second.end = region->second.end;
    previous->second.has_own_pages |= region->second.has_own_pages;
    regions_.erase(region);
    return previous;
}

}  // namespace mmusim::sw
