// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration.hpp"

#include <algorithm>
#include <cstddef>

namespace mmusim::tb {

namespace {

// Buckets that double: 0, 1, 2 to 3, 4 to 7 …; those without a translation are left out.
std::vector<std::array<std::uint64_t, 3>> buckets_of(const std::vector<std::uint64_t>& counts) {
    std::vector<std::array<std::uint64_t, 3>> buckets;
    std::size_t low = 0;
    while (low < counts.size()) {
        const std::size_t high = low == 0 ? 0 : 2 * low - 1;
        std::uint64_t count = 0;
        for (std::size_t distance = low; distance <= std::min(high, counts.size() - 1);
             ++distance) {
            count += counts[distance];
        }
        if (count > 0) {
            buckets.push_back({low, high, count});
        }
        low = high + 1;
    }
    return buckets;
}

}  // namespace

void Explorer::access(std::uint32_t process, const Access& access) {
    const auto kind =
        access.type == AccessType::fetch ? AccessStreamKind::fetch : AccessStreamKind::data;
    streams_[kind].access(process, access);
    streams_[AccessStreamKind::unified].access(process, access);
}

Exploration Explorer::exploration() const {
    Exploration result;
    for (std::size_t kind = 0; kind < enumerator_count<AccessStreamKind>; ++kind) {
        result.streams.values.at(kind) = streams_.values.at(kind).exploration();
    }
    return result;
}

void Explorer::Stream::access(std::uint32_t process, const Access& access) {
    ++accesses;
    const auto look_up = [&](VirtualPageNumber page) {
        geometries.look_up({.process = process, .page = page});
        distances.look_up({.process = process, .page = page});
    };
    const VirtualPageNumber page = page_number_of(access.address);
    look_up(page);
    if (access.crosses_page()) {
        look_up(page + 1);
    }
}

StreamExploration Explorer::Stream::exploration() const {
    StreamExploration result{
        .accesses = accesses, .translations = geometries.lookups(), .pages = distances.pages()};
    for (std::size_t ways = 1; ways <= LruGeometries::most_ways; ++ways) {
        result.ways.push_back(ways);
    }
    for (std::size_t set_bits = 0; set_bits < LruGeometries::set_counts; ++set_bits) {
        result.sets.push_back(std::uint64_t{1} << set_bits);
        std::vector<std::uint64_t> row;
        for (const std::uint64_t ways : result.ways) {
            row.push_back(geometries.misses(set_bits, ways));
        }
        result.misses.push_back(std::move(row));
    }
    std::uint64_t entries = 1;
    for (const std::uint64_t misses : distances.misses_by_power_of_two()) {
        result.fully_associative.push_back({entries, misses});
        entries *= 2;
    }
    result.reuse_distance = buckets_of(distances.counts());
    return result;
}

}  // namespace mmusim::tb
