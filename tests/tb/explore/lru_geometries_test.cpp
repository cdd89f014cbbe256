// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/lru_geometries.hpp"

#include "tests/tb/explore/page_streams.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

namespace mmusim::tb::lru_geometries_test {

namespace {

// One TLB, with a list for each set.
std::uint64_t misses_of_one_tlb(const std::vector<ProcessPage>& lookups, std::size_t sets,
                                std::size_t ways) {
    std::vector<std::list<std::uint64_t>> lists(sets);
    std::uint64_t misses = 0;
    for (const ProcessPage& lookup : lookups) {
        std::list<std::uint64_t>& list = lists[lookup.page.value % sets];
        const auto found = std::find(list.begin(), list.end(), lookup.key());
        if (found == list.end()) {
            ++misses;
        } else {
            list.erase(found);
        }
        list.push_front(lookup.key());
        if (list.size() > ways) {
            list.pop_back();
        }
    }
    return misses;
}

}  // namespace

TEST_CASE("one pass counts what each TLB would miss by itself") {
    const auto [seed, pages] =
        GENERATE(table<std::uint64_t, std::uint64_t>({{1, 9}, {2, 300}, {3, 20'000}}));
    INFO("seed " << seed);
    const std::vector<ProcessPage> lookups = tests::page_stream(seed, 6000, pages);
    LruGeometries geometries;
    for (const ProcessPage& lookup : lookups) {
        geometries.look_up(lookup);
    }

    CHECK(geometries.lookups() == lookups.size());
    for (std::size_t set_bits = 0; set_bits < LruGeometries::set_counts; ++set_bits) {
        for (std::size_t ways = 1; ways <= LruGeometries::most_ways; ++ways) {
            const std::size_t sets = std::size_t{1} << set_bits;
            INFO(sets << " sets, " << ways << " ways");
            REQUIRE(geometries.misses(set_bits, ways) == misses_of_one_tlb(lookups, sets, ways));
        }
    }
}

TEST_CASE("equal page numbers of two processes are two pages, in one set") {
    LruGeometries geometries;
    for (const std::uint32_t process : {0U, 1U, 0U, 1U}) {
        geometries.look_up({.process = process, .page = VirtualPageNumber{7}});
    }
    CHECK(geometries.misses(12, 1) == 4);
    CHECK(geometries.misses(12, 2) == 2);
}

}  // namespace mmusim::tb::lru_geometries_test
