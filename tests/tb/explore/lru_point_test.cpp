// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/lru_point.hpp"

#include "tb/explore/stack_distances.hpp"
#include "tests/tb/explore/misses_by_lists.hpp"
#include "tests/tb/explore/page_streams.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace mmusim::tb::lru_point_test {

namespace {

LruPoint looked_up(TlbShape shape, const std::vector<ProcessPage>& lookups) {
    LruPoint point(shape);
    StackDistances distances;
    for (const ProcessPage& lookup : lookups) {
        point.look_up(lookup, distances.look_up(lookup));
    }
    return point;
}

}  // namespace

TEST_CASE("a TLB of any shape misses what lists that are searched miss, for the same causes") {
    const TlbShape shape =
        GENERATE(values<TlbShape>({{1, 1}, {1, 40}, {3, 5}, {7, 1}, {64, 4}, {100, 33}}));
    const std::vector<ProcessPage> lookups = tests::page_stream(4, 20'000, 700);
    const LruPoint point = looked_up(shape, lookups);
    ClassifiedMisses all;
    for (const ClassifiedMisses& counts : point.by_process()) {
        all += counts;
    }
    INFO(shape.sets << " sets, " << shape.ways << " ways");
    CHECK(all == tests::misses_by_lists(lookups, tests::distances_by_list(lookups), shape));
}

TEST_CASE("the misses of each process are its own") {
    // Both use page 7 in turns, where there is one entry; the other also uses page 8.
    std::vector<ProcessPage> lookups;
    for (int round = 0; round < 3; ++round) {
        lookups.push_back({.process = 0, .number = 7});
        lookups.push_back({.process = 2, .number = 7});
        lookups.push_back({.process = 2, .number = 8});
    }
    const LruPoint point = looked_up({.sets = 2, .ways = 1}, lookups);
    CHECK(point.by_process() == std::vector<ClassifiedMisses>{
                                    {.lookups = 3, .compulsory = 1, .capacity = 2, .conflict = 0},
                                    {},
                                    {.lookups = 6, .compulsory = 2, .capacity = 2, .conflict = 0}});
}

}  // namespace mmusim::tb::lru_point_test
