// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/lru_geometries.hpp"

#include "tb/explore/stack_distances.hpp"
#include "tests/tb/explore/misses_by_lists.hpp"
#include "tests/tb/explore/page_streams.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mmusim::tb::lru_geometries_test {

TEST_CASE("one pass counts what each TLB would miss by itself, and which of that is a conflict") {
    const auto [seed, pages] =
        GENERATE(table<std::uint64_t, std::uint64_t>({{1, 9}, {2, 300}, {3, 20'000}}));
    INFO("seed " << seed);
    const std::vector<ProcessPage> lookups = tests::page_stream(seed, 6000, pages);
    LruGeometries geometries;
    StackDistances distances;
    for (const ProcessPage& lookup : lookups) {
        geometries.look_up(lookup, distances.look_up(lookup));
    }

    CHECK(geometries.lookups() == lookups.size());
    const tests::Distances naive_distances = tests::distances_by_list(lookups);
    for (std::size_t set_bits = 0; set_bits < LruGeometries::set_counts; ++set_bits) {
        for (std::size_t ways = 1; ways <= LruGeometries::most_ways; ++ways) {
            const TlbShape shape{.sets = std::size_t{1} << set_bits, .ways = ways};
            INFO(shape.sets << " sets, " << ways << " ways");
            const ClassifiedMisses naive = tests::misses_by_lists(lookups, naive_distances, shape);
            REQUIRE(geometries.misses(set_bits, ways) == naive.misses());
            REQUIRE(geometries.conflicts(set_bits, ways) == naive.conflict);
        }
    }
}

TEST_CASE("equal page numbers of two processes are two pages, in one set") {
    LruGeometries geometries;
    StackDistances distances;
    for (const std::uint32_t process : {0U, 1U, 0U, 1U}) {
        const ProcessPage page{.process = process, .number = 7};
        geometries.look_up(page, distances.look_up(page));
    }
    CHECK(geometries.misses(12, 1) == 4);
    CHECK(geometries.misses(12, 2) == 2);
}

}  // namespace mmusim::tb::lru_geometries_test
