// SPDX-License-Identifier: Apache-2.0
#include "sw/backing/swap_area.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

namespace mmusim::sw::swap_area_test {

TEST_CASE("a swap area gives out its lowest free slot, and none when it is full") {
    SwapArea area(3);
    CHECK(area.take() == SwapSlot{0});
    CHECK(area.take() == SwapSlot{1});
    CHECK(area.take() == SwapSlot{2});
    CHECK_FALSE(area.take().has_value());
    area.remove_owner({2});
    area.remove_owner({0});
    CHECK(area.taken() == 1);
    CHECK(area.take() == SwapSlot{0});
    CHECK(area.take() == SwapSlot{2});
    CHECK_FALSE(area.take().has_value());
}

TEST_CASE("a slot is free when its last owner has left it") {
    SwapArea area(2);
    const SwapSlot slot = area.take().value();
    area.add_owner(slot);
    area.add_owner(slot);
    CHECK(area.owners(slot) == 3);
    area.remove_owner(slot);
    area.remove_owner(slot);
    CHECK(area.taken() == 1);
    area.remove_owner(slot);
    CHECK(area.owners(slot) == 0);
    CHECK(area.taken() == 0);
}

TEST_CASE("a slot that is nobody's can be neither shared nor given back") {
    SwapArea area(2);
    CHECK_THROWS_AS(area.add_owner({0}), ModelError);
    CHECK_THROWS_AS(area.remove_owner({1}), ModelError);
}

TEST_CASE("without slots there is no swap") {
    CHECK_FALSE(SwapArea(0).take().has_value());
}

}  // namespace mmusim::sw::swap_area_test
