// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/energy_table.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace mmusim::tb::energy_table_test {

TEST_CASE("between two numbers of ways that the model knows lies a straight line") {
    const LookupCost four = modelled_lookup({.sets = 32, .ways = 4}).value();
    const LookupCost eight = modelled_lookup({.sets = 32, .ways = 8}).value();
    const LookupCost six = modelled_lookup({.sets = 32, .ways = 6}).value();
    CHECK(six.energy_fj == (four.energy_fj + eight.energy_fj + 1) / 2);
    CHECK(six.time_ps == (four.time_ps + eight.time_ps + 1) / 2);
    const LookupCost five = modelled_lookup({.sets = 32, .ways = 5}).value();
    CHECK(five.energy_fj == (3 * four.energy_fj + eight.energy_fj + 2) / 4);
}

TEST_CASE("the model knows one set of 8 entries or more, and 32 sets or more") {
    for (std::uint64_t ways = 8; ways <= 4096; ways += 7) {
        INFO(ways << " entries");
        CHECK(modelled_lookup({.sets = 1, .ways = ways}));
    }
    for (std::uint64_t sets = 32; sets <= 4096; sets *= 2) {
        for (std::uint64_t ways = 1; ways <= 16; ++ways) {
            INFO(sets << " sets, " << ways << " ways");
            CHECK(modelled_lookup({.sets = sets, .ways = ways}));
        }
    }
}

TEST_CASE("a content-addressable memory takes more energy the more entries it compares") {
    for (std::uint64_t entries = 9; entries <= 4096; ++entries) {
        REQUIRE(modelled_lookup({.sets = 1, .ways = entries})->energy_fj >
                modelled_lookup({.sets = 1, .ways = entries - 1})->energy_fj);
    }
}

TEST_CASE("of what the model does not know nothing is said") {
    for (const TlbShape shape : {TlbShape{1, 1}, TlbShape{1, 7}, TlbShape{16, 4}, TlbShape{48, 12},
                                 TlbShape{32, 17}, TlbShape{1, 4097}, TlbShape{8192, 4}}) {
        INFO(shape.sets << " sets, " << shape.ways << " ways");
        CHECK_FALSE(modelled_lookup(shape));
    }
}

}  // namespace mmusim::tb::energy_table_test
