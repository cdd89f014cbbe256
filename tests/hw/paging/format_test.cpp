// SPDX-License-Identifier: Apache-2.0
#include "hw/paging/format.hpp"

#include "hw/paging/parameters.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::format_test {
namespace {

TEST_CASE("each format divides an address as its figure in the specification shows") {
    struct Row {
        PagingMode mode;
        std::uint64_t address;
        std::vector<std::uint64_t> indices;  // from the top table down
    };
    const auto row = GENERATE(Row{PagingMode::sv32, 0x0040'1000, {1, 1}},
                              Row{PagingMode::sv32, 0xffc0'2abc, {0x3ff, 2}},
                              Row{PagingMode::sv39, 0x40'2020'3abc, {0x100, 0x101, 3}},
                              Row{PagingMode::sv39, 0xffff'ffff'ffff'f000, {0x1ff, 0x1ff, 0x1ff}},
                              Row{PagingMode::sv48, 0x0000'0080'8060'4000, {1, 2, 3, 4}},
                              Row{PagingMode::sv57, 0x0001'0101'00c0'8005, {1, 2, 4, 6, 8}});

    const PagingFormat& format = format_of(row.mode);
    REQUIRE(format.levels == row.indices.size());
    for (unsigned level = 0; level < format.levels; ++level) {
        CAPTURE(level);
        CHECK(format.index_at(level, {row.address}) == row.indices[format.levels - 1 - level]);
    }
}

TEST_CASE("a leaf at each level maps a page of that level's size") {
    struct Row {
        PagingMode mode;
        std::vector<std::string> sizes;  // from the last level up
        std::vector<std::string> sizes_with_napot;
    };
    const auto row =
        GENERATE(Row{PagingMode::sv32, {"4KiB", "4MiB"}, {"4KiB", "4MiB"}},
                 Row{PagingMode::sv39, {"4KiB", "2MiB", "1GiB"}, {"4KiB", "64KiB", "2MiB", "1GiB"}},
                 Row{PagingMode::sv48,
                     {"4KiB", "2MiB", "1GiB", "512GiB"},
                     {"4KiB", "64KiB", "2MiB", "1GiB", "512GiB"}},
                 Row{PagingMode::sv57,
                     {"4KiB", "2MiB", "1GiB", "512GiB", "256TiB"},
                     {"4KiB", "64KiB", "2MiB", "1GiB", "512GiB", "256TiB"}});
    const auto names = [&row](bool svnapot) {
        std::vector<std::string> result;
        for (const PageSize size : all_page_sizes({.mode = row.mode, .svnapot = svnapot})) {
            result.push_back(to_text(size));
        }
        return result;
    };

    CHECK(names(false) == row.sizes);
    CHECK(names(true) == row.sizes_with_napot);
    for (unsigned level = 0; level < format_of(row.mode).levels; ++level) {
        CHECK(to_text(format_of(row.mode).page_size_at(level)) == row.sizes[level]);
    }
}

TEST_CASE("an entry's address is table plus index times entry size") {
    const PhysicalPageNumber table{0x8'0100};

    CHECK(format_of(PagingMode::sv32).entry_address(table, 0, {0x5000}) ==
          PhysicalAddress{0x8010'0014});
    CHECK(format_of(PagingMode::sv39).entry_address(table, 0, {0x5000}) ==
          PhysicalAddress{0x8010'0028});
    CHECK(format_of(PagingMode::sv39).entry_address(table, 2, {0x8000'0000}) ==
          PhysicalAddress{0x8010'0010});
}

TEST_CASE("an address is canonical when its upper bits equal its top bit") {
    struct Row {
        PagingMode mode;
        std::uint64_t address;
        bool canonical;
    };
    const auto row = GENERATE(Row{PagingMode::sv32, 0xffff'ffff, true},
                              Row{PagingMode::sv32, 0x1'0000'0000, false},
                              Row{PagingMode::sv39, 0x0000'003f'ffff'ffff, true},
                              Row{PagingMode::sv39, 0x0000'0040'0000'0000, false},
                              Row{PagingMode::sv39, 0xffff'ffbf'ffff'ffff, false},
                              Row{PagingMode::sv39, 0xffff'ffc0'0000'0000, true},
                              Row{PagingMode::sv39, 0x8000'0000'0000'0000, false},
                              Row{PagingMode::sv48, 0x0000'7fff'ffff'ffff, true},
                              Row{PagingMode::sv48, 0x0000'8000'0000'0000, false},
                              Row{PagingMode::sv48, 0xffff'8000'0000'0000, true},
                              Row{PagingMode::sv57, 0x00ff'ffff'ffff'ffff, true},
                              Row{PagingMode::sv57, 0x0100'0000'0000'0000, false},
                              Row{PagingMode::sv57, 0xff00'0000'0000'0000, true},
                              Row{PagingMode::sv57, 0xfeff'ffff'ffff'ffff, false});

    CHECK(format_of(row.mode).canonical({row.address}) == row.canonical);
}

TEST_CASE("the user half ends in the middle") {
    CHECK(format_of(PagingMode::sv32).user_half_end() == VirtualAddress{0x8000'0000});
    CHECK(format_of(PagingMode::sv39).user_half_end() == VirtualAddress{0x40'0000'0000});
    CHECK(format_of(PagingMode::sv48).user_half_end() == VirtualAddress{0x8000'0000'0000});
    CHECK(format_of(PagingMode::sv57).user_half_end() == VirtualAddress{0x100'0000'0000'0000});
}

TEST_CASE("physical addresses have 34 bits in Sv32 and 56 in the others") {
    CHECK(format_of(PagingMode::sv32).physical_page_number_bits == 34 - 12);
    for (const PagingMode mode : {PagingMode::sv39, PagingMode::sv48, PagingMode::sv57}) {
        CHECK(format_of(mode).physical_page_number_bits == 56 - 12);
    }
}

}  // namespace
}  // namespace mmusim::hw::format_test
