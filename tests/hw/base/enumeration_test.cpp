// SPDX-License-Identifier: Apache-2.0
#include "hw/base/enumeration.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace mmusim::enumeration_test {
namespace {

enum class Fruit : std::uint8_t { apple, pear, plum };

[[nodiscard]] constexpr auto enumerator_names(Fruit) {
    return std::array<std::string_view, 3>{"apple", "pear", "plum"};
}

TEST_CASE("an enumerator and its name lead to each other") {
    STATIC_REQUIRE(enumerator_count<Fruit> == 3);
    const auto fruit = GENERATE(Fruit::apple, Fruit::pear, Fruit::plum);

    CHECK(enumerator_named<Fruit>(name_of(fruit)) == fruit);
    CHECK(fmt::format("{}", fruit) == name_of(fruit));
}

TEST_CASE("a name that is not in the list is no enumerator") {
    CHECK_FALSE(enumerator_named<Fruit>("Pear").has_value());
    CHECK_FALSE(enumerator_named<Fruit>("").has_value());
}

TEST_CASE("an array per enumerator is indexed by it and begins at zero") {
    PerEnumerator<Fruit, int> baskets;
    baskets[Fruit::pear] = 7;

    CHECK(baskets.values == std::array{0, 7, 0});
}

}  // namespace
}  // namespace mmusim::enumeration_test
