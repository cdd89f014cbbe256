// SPDX-License-Identifier: Apache-2.0
#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace mmusim::random_test {
namespace {

// The product of two words, 128 bits of it, which plain C++ has no type for.
__extension__ using DoubleWord = unsigned __int128;

TEST_CASE("random values are those published for SplitMix64") {
    // The outputs for this seed are given by many implementations, for instance Rosetta Code,
    // "Pseudo-random numbers/Splitmix64".
    constexpr std::array<std::uint64_t, 5> published{6457827717110365317U, 3203168211198807973U,
                                                     9817491932198370423U, 4593380528125082431U,
                                                     16408922859458223821U};
    Random random(1234567);

    for (const std::uint64_t value : published) {
        CHECK(random.next() == value);
    }
}

TEST_CASE("a bounded random value is value times bound, divided by 2^64") {
    const auto bound = GENERATE(as<std::uint64_t>{}, 1, 2, 3, 48, 1000, 0xffffffff, 0x100000000,
                                0x123456789abcdef, 0xffff'ffff'ffff'ffff);
    Random values(7);
    Random bounded(7);

    for (int round = 0; round < 10000; ++round) {
        const auto expected = static_cast<std::uint64_t>(DoubleWord{values.next()} * bound >> 64U);
        const std::uint64_t value = bounded.below(bound);
        REQUIRE(value == expected);
        REQUIRE(value < bound);
    }
}

TEST_CASE("equal seeds give equal sequences, other seeds others") {
    Random first(5);
    Random same(5);
    Random other(6);

    for (int round = 0; round < 100; ++round) {
        const std::uint64_t value = first.next();
        REQUIRE(value == same.next());
        REQUIRE(value != other.next());
    }
}

}  // namespace
}  // namespace mmusim::random_test
