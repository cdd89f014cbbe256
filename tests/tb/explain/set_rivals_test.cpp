// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/set_rivals.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tests::set_rivals_test {

using tb::HeldPage;
using tb::SetRivals;

namespace {

HeldPage page(std::uint64_t number, std::uint32_t process = 0) {
    return {.process = {process}, .page = {number}};
}

}  // namespace

TEST_CASE("a set has as many rivals as different pages have been in it") {
    SetRivals rivals({0, 2});
    rivals.entered(0, page(16));
    rivals.entered(0, page(32));
    rivals.entered(0, page(16));
    rivals.entered(0, page(16, 1));
    rivals.entered(1, page(17));
    rivals.entered(2, page(18));
    CHECK(rivals.pages_in(0) == 3);
    CHECK(rivals.pages_in(2) == 1);
    CHECK(rivals.pages_in(1) == 0);  // not watched
}

TEST_CASE("pages that had left before the figures begin are no rivals") {
    SetRivals rivals({0});
    rivals.entered(0, page(16));
    rivals.entered(0, page(32));
    rivals.left(page(16));
    CHECK(rivals.pages_in(0) == 2);
    rivals.begin_again();
    CHECK(rivals.pages_in(0) == 1);
    rivals.entered(0, page(48));
    CHECK(rivals.pages_in(0) == 2);
}

TEST_CASE("a held page holds all addresses of its size and no others") {
    const HeldPage huge{.page = {0x200}, .size = {21}};
    CHECK(huge.holds({0x20'0000}));
    CHECK(huge.holds({0x3f'ffff}));
    CHECK_FALSE(huge.holds({0x40'0000}));
    CHECK_FALSE(huge.holds({0x1f'ffff}));
}

}  // namespace mmusim::tests::set_rivals_test
