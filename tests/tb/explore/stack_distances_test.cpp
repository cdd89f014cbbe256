// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/stack_distances.hpp"

#include "tests/tb/explore/page_streams.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::tb::stack_distances_test {

namespace {

// With a stack of all pages, the latest on top.
std::vector<std::uint64_t> counts_by_stack(const std::vector<ProcessPage>& lookups) {
    std::vector<std::uint64_t> stack;
    std::vector<std::uint64_t> counts;
    for (const ProcessPage& lookup : lookups) {
        const auto found = std::find(stack.begin(), stack.end(), lookup.key());
        if (found != stack.end()) {
            const auto distance = static_cast<std::size_t>(found - stack.begin());
            counts.resize(std::max(counts.size(), distance + 1));
            ++counts[distance];
            stack.erase(found);
        }
        stack.insert(stack.begin(), lookup.key());
    }
    return counts;
}

StackDistances distances_of(const std::vector<ProcessPage>& lookups) {
    StackDistances distances;
    for (const ProcessPage& lookup : lookups) {
        distances.look_up(lookup);
    }
    return distances;
}

}  // namespace

// The last row has more lookups than there are times before they are numbered anew.
TEST_CASE("distances are the places in a stack of all pages") {
    struct Row {
        std::uint64_t seed;
        std::uint64_t lookups;
        std::uint64_t pages;
    };
    const auto row = GENERATE(values<Row>({{1, 5000, 5}, {2, 5000, 2000}, {3, 300'000, 60}}));
    INFO("seed " << row.seed);
    const std::vector<ProcessPage> lookups = tests::page_stream(row.seed, row.lookups, row.pages);
    CHECK(distances_of(lookups).counts() == counts_by_stack(lookups));
}

TEST_CASE("more pages than times are numbered in a larger tree") {
    constexpr std::uint64_t pages = 70'000;
    StackDistances distances;
    for (int round = 0; round < 2; ++round) {
        for (std::uint64_t page = 0; page < pages; ++page) {
            distances.look_up({.number = page});
        }
    }
    CHECK(distances.pages() == pages);
    CHECK(distances.counts().size() == pages);
    CHECK(distances.counts().back() == pages);
}

TEST_CASE("a fully associative TLB of each size misses what lies deeper than its entries") {
    // Four pages in a loop, three times, and then the last of them once more.
    StackDistances distances;
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t page = 0; page < 4; ++page) {
            distances.look_up({.number = page});
        }
    }
    distances.look_up({.number = 3});
    CHECK(distances.misses_by_power_of_two() == std::vector<std::uint64_t>{12, 12, 4});
    CHECK(distances.fewest_entries(13) == 1);
    CHECK(distances.fewest_entries(12) == 1);
    CHECK(distances.fewest_entries(11) == 4);
    CHECK(distances.fewest_entries(4) == 4);
    CHECK_FALSE(distances.fewest_entries(3));
}

TEST_CASE("each lookup is told its distance, the first of a page none") {
    StackDistances distances;
    std::vector<std::optional<std::uint64_t>> told;
    for (const std::uint64_t page : {5U, 5U, 6U, 7U, 5U, 7U}) {
        told.push_back(distances.look_up({.number = page}));
    }
    constexpr std::optional<std::uint64_t> none;
    CHECK(told == std::vector<std::optional<std::uint64_t>>{none, 0, none, none, 2, 1});
}

TEST_CASE("nothing has no pages and no sizes") {
    const StackDistances distances;
    CHECK(distances.pages() == 0);
    CHECK(distances.counts().empty());
    CHECK(distances.misses_by_power_of_two().empty());
    CHECK(distances.fewest_entries(0) == 1);
}

}  // namespace mmusim::tb::stack_distances_test
