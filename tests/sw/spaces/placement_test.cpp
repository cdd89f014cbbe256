// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/placement.hpp"

#include <catch2/catch.hpp>

namespace mmusim::sw::placement_test {

TEST_CASE("the first region lies at 1 GiB, also where only lower addresses were ever in use") {
    CHECK(next_place({}) == VirtualAddress{0x4000'0000});
    CHECK(next_place({0x1000'0000}) == VirtualAddress{0x4000'0000});
}

TEST_CASE("regions lie on boundaries of 2 MiB with at least 2 MiB between them") {
    CHECK(next_place({0x4000'0000}) == VirtualAddress{0x4020'0000});
    CHECK(next_place({0x4000'1000}) == VirtualAddress{0x4040'0000});
    CHECK(next_place({0x4020'0000}) == VirtualAddress{0x4040'0000});
}

TEST_CASE("regions of larger pages lie on boundaries of these") {
    constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;
    CHECK(next_place({}, gibibyte) == VirtualAddress{0x4000'0000});
    CHECK(next_place({0x4000'0000}, gibibyte) == VirtualAddress{0x8000'0000});
    CHECK(next_place({0x7fe0'0000}, gibibyte) == VirtualAddress{0x8000'0000});
    CHECK(next_place({0x7fe0'1000}, gibibyte) == VirtualAddress{0xc000'0000});
}

}  // namespace mmusim::sw::placement_test
