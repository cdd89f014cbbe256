// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/lru_point.hpp"
#include "tb/explore/process_page.hpp"
#include "tb/explore/tlb_shape.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <vector>

namespace mmusim::tests {

using Distances = std::vector<std::optional<std::uint64_t>>;

/// How many other pages were looked up since the last lookup of each page, by one list of all.
[[nodiscard]] inline Distances distances_by_list(const std::vector<tb::ProcessPage>& lookups) {
    std::vector<std::uint64_t> latest;
    Distances distances;
    for (const tb::ProcessPage& page : lookups) {
        const auto place = std::find(latest.begin(), latest.end(), page.key());
        if (place == latest.end()) {
            distances.emplace_back();
        } else {
            distances.emplace_back(place - latest.begin());
            latest.erase(place);
        }
        latest.insert(latest.begin(), page.key());
    }
    return distances;
}

/// One TLB, with a list for each set. A fully associative one of as many entries would hold what
/// was looked up last.
[[nodiscard]] inline tb::ClassifiedMisses misses_by_lists(
    const std::vector<tb::ProcessPage>& lookups, const Distances& distances, tb::TlbShape shape) {
    std::vector<std::list<std::uint64_t>> sets(shape.sets);
    tb::ClassifiedMisses counts;
    for (std::size_t number = 0; number < lookups.size(); ++number) {
        ++counts.lookups;
        const std::uint64_t key = lookups[number].key();
        std::list<std::uint64_t>& set = sets[lookups[number].number % shape.sets];
        const auto place = std::find(set.begin(), set.end(), key);
        if (place != set.end()) {
            set.erase(place);
        } else if (!distances[number]) {
            ++counts.compulsory;
        } else {
            ++(*distances[number] < shape.entries() ? counts.conflict : counts.capacity);
        }
        set.push_front(key);
        if (set.size() > shape.ways) {
            set.pop_back();
        }
    }
    return counts;
}

}  // namespace mmusim::tests
