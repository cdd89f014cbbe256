// SPDX-License-Identifier: Apache-2.0
#include "hw/base/fields.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::fields_test {
namespace {

struct Garden {
    std::uint32_t trees = 3;
    std::uint64_t bees = 9000;

    static constexpr auto fields() {
        return std::tuple{parameter("trees", &Garden::trees, "how many trees", Range{1, 64}),
                          statistic("bees", &Garden::bees, "bee", "how many bees")};
    }
};

TEST_CASE("a field list is visited in its order, with everything that it says") {
    const Garden garden;
    std::vector<std::string> seen;

    for_each_field<Garden>([&](const auto& field) {
        seen.push_back(std::string(field.name) + " " + std::to_string(garden.*field.member) + " " +
                       std::string(field.unit) + ": " + std::string(field.description));
    });

    CHECK(seen ==
          std::vector<std::string>{"trees 3 : how many trees", "bees 9000 bee: how many bees"});
}

TEST_CASE("a field has the range that it was given, or none") {
    STATIC_REQUIRE(std::get<0>(Garden::fields()).range.minimum == 1);
    STATIC_REQUIRE(std::get<0>(Garden::fields()).range.maximum == 64);
    STATIC_REQUIRE(std::get<1>(Garden::fields()).range.minimum == 0);
    STATIC_REQUIRE(std::get<1>(Garden::fields()).range.maximum == ~std::uint64_t{0});
    STATIC_REQUIRE(at_least(5).minimum == 5);
}

}  // namespace
}  // namespace mmusim::fields_test
