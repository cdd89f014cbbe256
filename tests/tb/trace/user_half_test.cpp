// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/user_half.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>

namespace mmusim::tb::user_half_test {

using hw::PagingMode;

namespace {

struct Row {
    PagingMode mode;
    std::uint64_t end;
};

}  // namespace

TEST_CASE("an access is in the user half if its last byte is", "[user_half]") {
    const auto row =
        GENERATE(Row{PagingMode::sv32, 0x80000000}, Row{PagingMode::sv39, 0x4000000000},
                 Row{PagingMode::sv48, 0x800000000000}, Row{PagingMode::sv57, 0x100000000000000});
    const UserHalf half(row.mode);
    CHECK(half.holds({0}, 1));
    CHECK(half.holds({row.end - 1}, 1));
    CHECK(half.holds({row.end - 8}, 8));
    CHECK_FALSE(half.holds({row.end - 7}, 8));
    CHECK_FALSE(half.holds({row.end}, 1));
    CHECK_FALSE(half.holds({std::numeric_limits<std::uint64_t>::max()}, 4096));
}

TEST_CASE("without a mode every access is held that does not wrap around", "[user_half]") {
    CHECK(UserHalf{}.holds({0xffffffffffffe000}, 4096));
    CHECK_FALSE(UserHalf{}.holds({0xfffffffffffffffe}, 4));
}

TEST_CASE("the problem names the smallest mode that would hold the access", "[user_half]") {
    struct ModeRow {
        std::uint64_t address;
        std::string expected;
    };
    const auto row = GENERATE(
        ModeRow{0x80000000, "paging.mode sv39, which would hold it"},
        ModeRow{0x3ffffffffc, "paging.mode sv48, which would hold it"},
        ModeRow{0x7fffffffffff, "paging.mode sv57, which would hold it"},
        ModeRow{0xffffffffff600000, "a trace of a user program: no paging mode would hold it"});
    CHECK(UserHalf(PagingMode::sv32).problem({row.address}, 8) ==
          fmt::format("address {:#x} (8 bytes) lies outside the user half of sv32, which ends at "
                      "0x80000000; expected {}",
                      row.address, row.expected));
}

}  // namespace mmusim::tb::user_half_test
