// SPDX-License-Identifier: Apache-2.0
// Bit positions by literal vectors, copied from the figures of the privileged specification.
#include "hw/paging/page_table_entry.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::page_table_entry_test {
namespace {

struct Flags {
    bool v = false;
    bool r = false;
    bool w = false;
    bool x = false;
    bool u = false;
    bool g = false;
    bool a = false;
    bool d = false;

    bool operator==(const Flags&) const = default;
};

Flags flags_of(PageTableEntry entry) {
    const PageFlags flags = entry.flags();
    return {flags.valid(), flags.readable(), flags.writable(), flags.executable(),
            flags.user(),  flags.global(),   flags.accessed(), flags.dirty()};
}

TEST_CASE("each flag of a page-table entry is where the specification has it") {
    CHECK(flags_of({0b0000'0001}) == Flags{.v = true});
    CHECK(flags_of({0b0000'0010}) == Flags{.r = true});
    CHECK(flags_of({0b0000'0100}) == Flags{.w = true});
    CHECK(flags_of({0b0000'1000}) == Flags{.x = true});
    CHECK(flags_of({0b0001'0000}) == Flags{.u = true});
    CHECK(flags_of({0b0010'0000}) == Flags{.g = true});
    CHECK(flags_of({0b0100'0000}) == Flags{.a = true});
    CHECK(flags_of({0b1000'0000}) == Flags{.d = true});
    CHECK(flags_of({0xffff'ffff'ffff'ff00}) == Flags{});
}

TEST_CASE("each field of a page-table entry is where the specification has it") {
    struct Row {
        std::uint64_t raw;
        std::uint64_t page_number;
        unsigned memory_type;
        bool napot;
        bool reserved;
    };
    const auto row = GENERATE(
        Row{0x0000'0000'0000'03ff, 0, 0, false, false},  // flags and the two bits for software
        Row{0x0000'0000'0000'0400, 1, 0, false, false},  //
        Row{0x003f'ffff'ffff'fc00, 0xfff'ffff'ffff, 0, false, false},
        Row{0x0040'0000'0000'0000, 0, 0, false, true},  // bit 54
        Row{0x1000'0000'0000'0000, 0, 0, false, true},  // bit 60
        Row{0x2000'0000'0000'0000, 0, 1, false, false},
        Row{0x4000'0000'0000'0000, 0, 2, false, false},
        Row{0x6000'0000'0000'0000, 0, 3, false, false},
        Row{0x8000'0000'0000'0000, 0, 0, true, false},
        Row{0xdfc0'0000'2004'00df, 0x8'0100, 2, true, true});

    const PageTableEntry entry{row.raw};

    CHECK(entry.page_number() == PhysicalPageNumber{row.page_number});
    CHECK(entry.memory_type() == row.memory_type);
    CHECK(entry.napot() == row.napot);
    CHECK(entry.reserved_bits_set() == row.reserved);
}

TEST_CASE("an entry is a leaf if it has R, W or X, and a pointer if it has none") {
    CHECK_FALSE(PageTableEntry{0x2000'0401}.leaf());
    CHECK_FALSE(PageTableEntry{0x2000'04f1}.leaf());
    CHECK(PageTableEntry{0x2000'0403}.leaf());
    CHECK(PageTableEntry{0x2000'0405}.leaf());
    CHECK(PageTableEntry{0x2000'0409}.leaf());
}

TEST_CASE("an entry is made of a page and flags, and gains flags") {
    const PageTableEntry entry = PageTableEntry::make({0x8'0101}, {0x1f});

    CHECK(entry.raw == 0x2004'041f);
    CHECK(entry.valid());
    CHECK(entry.with_flags(PageFlags::accessed_bit | PageFlags::dirty_bit).raw == 0x2004'04df);
    CHECK_FALSE(PageTableEntry{0x2004'041e}.valid());
}

TEST_CASE("an entry is shown as its sixteen digits") {
    CHECK(fmt::format("{}", PageTableEntry{0x2004'04df}) == "0x00000000200404df");
}

}  // namespace
}  // namespace mmusim::hw::page_table_entry_test
