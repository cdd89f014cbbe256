// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration_plan.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>

namespace mmusim::tb::exploration_plan_test {

TEST_CASE("a shape is sets and ways") {
    CHECK(parse_shape("64x4") == TlbShape{64, 4});
    CHECK(parse_shape("1x1048576") == TlbShape{1, 1048576});
    CHECK(parse_shape("0x40x4") == std::nullopt);
    for (const std::string text : {"", "x", "64", "64x", "x4", "0x4", "4x0", "64x4x2", "64 x 4",
                                   "-1x4", "2x1048576", "18446744073709551615x2"}) {
        INFO(text);
        CHECK_FALSE(parse_shape(text));
    }
}

TEST_CASE("a miss rate is a percentage or a number of a thousand") {
    struct Row {
        std::string text;
        std::uint64_t per_million;
    };
    for (const Row& row :
         {Row{"5", 5000}, Row{"0.5%", 5000}, Row{"0", 0}, Row{"0%", 0}, Row{"1000", 1'000'000},
          Row{"100%", 1'000'000}, Row{"0.001", 1}, Row{"0.0001%", 1}, Row{"12.34", 12'340},
          Row{"007", 7000}, Row{"1.500", 1500}}) {
        INFO(row.text);
        REQUIRE(parse_miss_rate(row.text));
        CHECK(parse_miss_rate(row.text)->per_million == row.per_million);
    }
    for (const std::string text : {"", "%", ".5", "5.", "-1", "1001", "100.1%", "0.0001",
                                   "0.00001%", "1e3", "5 %", "0x5", "five"}) {
        INFO(text);
        CHECK_FALSE(parse_miss_rate(text));
    }
}

TEST_CASE("so many of the lookups may miss, rounded down, of any number of lookups") {
    CHECK(MissRate{5000}.most_misses(1000) == 5);
    CHECK(MissRate{5000}.most_misses(999) == 4);
    CHECK(MissRate{1'000'000}.most_misses(18'446'744'073'709'551'615U) ==
          18'446'744'073'709'551'615U);
    CHECK(MissRate{0}.most_misses(123) == 0);
}

TEST_CASE("a page is as large as a power of two that memory could hold") {
    CHECK(parse_page_size("4KiB") == PageSize{12});
    CHECK(parse_page_size("16K") == PageSize{14});
    CHECK(parse_page_size("1T") == PageSize{40});
    for (const std::string text : {"", "2KiB", "5KiB", "2T", "0", "page"}) {
        INFO(text);
        CHECK_FALSE(parse_page_size(text));
    }
}

}  // namespace mmusim::tb::exploration_plan_test
