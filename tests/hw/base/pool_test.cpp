// SPDX-License-Identifier: Apache-2.0
#include "hw/base/pool.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::pool_test {

namespace {

struct Thing {
    explicit Thing(int first_value) : value(first_value) {}

    int value;
};

}  // namespace

TEST_CASE("a pool makes an object only when none is free") {
    Pool<Thing> pool;
    Thing& first = pool.take(1);
    Thing& second = pool.take(2);
    CHECK(pool.size() == 2);
    CHECK(first.value == 1);
    CHECK(second.value == 2);

    pool.give_back(first);
    pool.give_back(second);
    CHECK(&pool.take(3) == &second);
    CHECK(&pool.take(4) == &first);
    CHECK(pool.size() == 2);
    CHECK(pool.take(5).value == 5);
    CHECK(pool.size() == 3);
}

TEST_CASE("a pool's objects have their numbers for good") {
    Pool<Thing> pool;
    Thing& first = pool.take(1);
    Thing& second = pool.take(2);
    pool.give_back(first);
    CHECK(&pool[0] == &first);
    CHECK(&pool[1] == &second);
    CHECK(pool.find([](const Thing& thing) { return thing.value == 2; }) == &second);
    CHECK(pool.find([](const Thing& thing) { return thing.value > 0; }) == &first);
    CHECK(pool.find([](const Thing& thing) { return thing.value == 9; }) == nullptr);
    CHECK(&pool.take(3) == &pool[0]);
}

}  // namespace mmusim::hw::pool_test
