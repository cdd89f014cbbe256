// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/grid.hpp"

#include "tests/support/input_error.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::grid_test {

namespace {

using Texts = std::vector<std::string>;

[[nodiscard]] std::vector<Texts> points(const Texts& options) {
    Problems problems;
    const Grid grid = parse_grid(options, problems);
    REQUIRE(problems.empty());
    std::vector<Texts> values;
    for (std::size_t point = 0; point < grid.point_count(); ++point) {
        values.push_back(grid.values_at(point));
    }
    return values;
}

[[nodiscard]] Problems problems_with(const Texts& options) {
    Problems problems;
    static_cast<void>(parse_grid(options, problems));
    return problems;
}

struct PointsRow {
    Texts options;
    std::vector<Texts> points;
};

struct ProblemsRow {
    Texts options;
    Problems problems;
};

}  // namespace

TEST_CASE("the first -L varies slowest") {
    const auto row = GENERATE(values<PointsRow>({
        {{"a=1,2,3"}, {{"1"}, {"2"}, {"3"}}},
        {{"a=1,2", "b=x,y,z"},
         {{"1", "x"}, {"1", "y"}, {"1", "z"}, {"2", "x"}, {"2", "y"}, {"2", "z"}}},
        {{"a=1,2", "b=3", "c=4,5"},
         {{"1", "3", "4"}, {"1", "3", "5"}, {"2", "3", "4"}, {"2", "3", "5"}}},
    }));
    CHECK(points(row.options) == row.points);
}

TEST_CASE("keys before one list change together") {
    const auto row = GENERATE(values<PointsRow>({
        {{"a,b=1/2,3/4"}, {{"1", "2"}, {"3", "4"}}},
        {{"a,b=1:4:x2"}, {{"1", "1"}, {"2", "2"}, {"4", "4"}}},
        {{"a,b=1/2,7"}, {{"1", "2"}, {"7", "7"}}},
        {{"a,b=1/2,3/4", "c=x,y"},
         {{"1", "2", "x"}, {"1", "2", "y"}, {"3", "4", "x"}, {"3", "4", "y"}}},
        {{R"(a,b=["x/y"]/2)"}, {{R"(["x/y"])", "2"}}},
        {{"a=x/y"}, {{"x/y"}}},
    }));
    CHECK(points(row.options) == row.points);
}

TEST_CASE("all that is wrong with a grid is said") {
    const auto row = GENERATE(values<ProblemsRow>({
        {{"a"}, {"-L a: expected KEY=VALUE,VALUE…"}},
        {{"=1"}, {"-L =1: an empty key, expected KEY=VALUE,VALUE…"}},
        {{"a,=1"}, {"-L a,=1: an empty key, expected KEY=VALUE,VALUE…"}},
        {{"a="}, {"-L a=: an empty list, expected values"}},
        {{"a=1,2,1"}, {"-L a=1,2,1: 1 is in the list twice, expected once"}},
        {{"a=8,8.0"}, {"-L a=8,8.0: 8.0 is in the list twice, expected once"}},
        {{"a_bytes=4096,4KiB"}, {"-L a_bytes=4096,4KiB: 4KiB is in the list twice, expected once"}},
        {{"a,b=1/2,1/2"}, {"-L a,b=1/2,1/2: 1/2 is in the list twice, expected once"}},
        {{"a=1", "a=2"}, {"-L a: is swept twice, expected once"}},
        {{"a,a=1"}, {"-L a: is swept twice, expected once"}},
        {{"a,b=1/2/3"}, {"-L a,b=1/2/3: 1/2/3: 3 values, expected one for each of 2 keys, or one"}},
        {{"a,b=1/"}, {"-L a,b=1/: 1/: an empty value, expected one for each key"}},
        {{"a=1:1000", "b=1:1000"}, {"the grid has too many points, expected at most 100000"}},
        {{"a=", "b=2:1", "c=1", "c=2"},
         {"-L a=: an empty list, expected values",
          "-L b=2:1: range 2:1: expected an end that is not below the beginning",
          "-L c: is swept twice, expected once"}},
    }));
    CHECK(problems_with(row.options) == row.problems);
}

TEST_CASE("shards share the points by turns") {
    const Shard third = parse_shard("2/3");
    CHECK(third == Shard{.index = 2, .count = 3});
    CHECK(points_of(third, 9) == std::vector<std::size_t>{2, 5, 8});
    CHECK(points_of(third, 2).empty());
    CHECK(points_of({}, 3) == std::vector<std::size_t>{0, 1, 2});
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    CHECK(points_of({.index = 1, .count = most}, 3) == std::vector<std::size_t>{1});
    for (const std::size_t count : {1U, 2U, 7U, 12U}) {
        std::size_t points = 0;
        for (std::size_t index = 0; index < count; ++index) {
            points += points_of({.index = index, .count = count}, 10).size();
        }
        CHECK(points == 10);
    }
}

TEST_CASE("a shard that is none is answered with what one is") {
    const std::string text = GENERATE("", "1", "1/", "/2", "2/2", "0/0", "-1/2", "1/2/3", "a/b");
    CHECK_THROWS_MATCHES(
        parse_shard(text), InputError,
        Catch::Message("--shard " + text + ": expected I/N, with I from 0 to N - 1"));
}

}  // namespace mmusim::tb::grid_test
