// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/set_index.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <bitset>
#include <vector>

namespace mmusim::hw::set_index_test {
namespace {

TEST_CASE("modulo: a page's set is its number modulo the sets, any number of them") {
    const auto sets = GENERATE(as<std::size_t>{}, 1, 2, 3, 16, 48, 128, 1000);
    const SetIndex index(IndexHash::modulo, sets);
    Random random(5);
    for (int round = 0; round < 1000; ++round) {
        const std::uint64_t number = random.next() >> 12U;
        REQUIRE(index(number) == number % sets);
    }
}

TEST_CASE("xor: a hand table") {
    struct Row {
        std::size_t sets;
        std::uint64_t number;
        std::size_t set;
    };
    const auto row =
        GENERATE(Row{16, 0x5, 0x5}, Row{16, 0x35, 0x3 ^ 0x5}, Row{16, 0x935, 0x9 ^ 0x3 ^ 0x5},
                 Row{16, 0xf'ffff'ffff, 0xf},  // nine pieces
                 Row{128, 0x4081, 0x01 ^ 0x01 ^ 0x01}, Row{128, 1U << 7U, 1}, Row{2, 0b1011, 1},
                 Row{2, 0b11, 0}, Row{1, 0xdead, 0},
                 // Six bits are folded to, 48 is taken away where that is too large.
                 Row{48, 47, 47}, Row{48, 50, 50 - 48}, Row{48, 1U << 6U | 47, (1 ^ 47) % 48},
                 Row{3, 0b11, 0}, Row{3, 0b1001, 0b10 ^ 0b01 ^ 0b11});
    CAPTURE(row.sets, row.number);
    CHECK(SetIndex(IndexHash::xor_fold, row.sets)(row.number) == row.set);
}

// Bit b of the set is the parity of the bits b, b + width, b + 2 width ... of the number.
TEST_CASE("xor: each bit of a power of two's set is a parity") {
    const auto width = GENERATE(as<unsigned>{}, 1, 4, 7, 11);
    const SetIndex index(IndexHash::xor_fold, std::size_t{1} << width);
    Random random(6);
    for (int round = 0; round < 1000; ++round) {
        const std::uint64_t number = random.next() >> 12U;
        const std::bitset<64> bits(number);
        std::size_t expected = 0;
        for (unsigned bit = 0; bit < 64; ++bit) {
            expected ^= static_cast<std::size_t>(bits[bit]) << (bit % width);
        }
        REQUIRE(index(number) == expected);
    }
}

TEST_CASE("xor: pages a power of two apart spread over all sets, which modulo sends to one") {
    constexpr std::size_t sets = 16;
    const SetIndex modulo(IndexHash::modulo, sets);
    const SetIndex folded(IndexHash::xor_fold, sets);
    std::vector<int> in_set(sets);
    for (std::uint64_t page = 0; page < sets; ++page) {
        CHECK(modulo(page << 9U) == 0);
        ++in_set[folded(page << 8U)];
    }
    CHECK(in_set == std::vector<int>(sets, 1));
}

}  // namespace
}  // namespace mmusim::hw::set_index_test
