// SPDX-License-Identifier: Apache-2.0
#include "hw/base/types.hpp"

#include "hw/base/access.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <type_traits>

namespace mmusim::types_test {
namespace {

using namespace literals;

// Two quantities that must not be mixed up by accident.
template <typename Left, typename Right>
constexpr bool apart = !std::is_convertible_v<Left, Right> && !std::is_convertible_v<Right, Left>;

static_assert(apart<VirtualAddress, PhysicalAddress>);
static_assert(apart<VirtualPageNumber, PhysicalPageNumber>);
static_assert(apart<VirtualAddress, VirtualPageNumber>);
static_assert(apart<VirtualAddress, std::uint64_t>);
static_assert(apart<Cycles, std::uint64_t>);
static_assert(apart<Asid, std::uint16_t>);

TEST_CASE("an address divides into a page number and an offset") {
    struct Row {
        std::uint64_t address;
        std::uint64_t page;
        std::uint64_t offset;
    };
    const auto row = GENERATE(Row{0, 0, 0}, Row{0xfff, 0, 0xfff}, Row{0x1000, 1, 0},
                              Row{0x12345678, 0x12345, 0x678},
                              Row{0xffff'ffff'ffff'ffff, 0xf'ffff'ffff'ffff, 0xfff});

    const VirtualAddress address{row.address};

    CHECK(page_number_of(address) == VirtualPageNumber{row.page});
    CHECK(address.page_offset() == row.offset);
    CHECK(page_number_of(address).address() + row.offset == address);
}

TEST_CASE("cycles add, subtract, multiply and compare") {
    CHECK(Cycles{3} + Cycles{4} == Cycles{7});
    CHECK(Cycles{9} - Cycles{4} == Cycles{5});
    CHECK(Cycles{3} * 4 == Cycles{12});
    CHECK(Cycles{3} < Cycles{4});

    Cycles sum{1};
    sum += Cycles{2};
    CHECK(sum == Cycles{3});
}

TEST_CASE("pages and addresses step in their own units") {
    CHECK(VirtualPageNumber{5} + 2 == VirtualPageNumber{7});
    CHECK(PhysicalAddress{0x1000} + 8 == PhysicalAddress{0x1008});
}

TEST_CASE("sizes are written with their unit") {
    CHECK(4_KiB == 4096);
    CHECK(2_MiB == 2097152);
    CHECK(1_GiB == 1073741824);
}

TEST_CASE("quantities are shown as a reader expects: counts decimal, addresses hexadecimal") {
    CHECK(fmt::format("{}", Cycles{42}) == "42");
    CHECK(fmt::format("{}", Asid{7}) == "7");
    CHECK(fmt::format("{}", VirtualAddress{0xabc}) == "0xabc");
    CHECK(fmt::format("{}", PhysicalPageNumber{0x80100}) == "0x80100");
}

TEST_CASE("an access crosses a page when its last byte is in the next one") {
    struct Row {
        std::uint64_t address;
        std::uint32_t size;
        bool crosses;
    };
    const auto row = GENERATE(Row{0x1000, 1, false}, Row{0x1ff8, 8, false}, Row{0x1ff9, 8, true},
                              Row{0x1fff, 1, false}, Row{0x1fff, 2, true}, Row{0x1000, 4096, false},
                              Row{0x1001, 4096, true});

    CHECK(Access{.address = {row.address}, .size_bytes = row.size}.crosses_page() == row.crosses);
}

}  // namespace
}  // namespace mmusim::types_test
