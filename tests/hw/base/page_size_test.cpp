// SPDX-License-Identifier: Apache-2.0
#include "hw/base/page_size.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::page_size_test {
namespace {

TEST_CASE("a page size knows its bytes, its name and what it holds") {
    struct Row {
        std::uint8_t log2_bytes;
        std::uint64_t bytes;
        unsigned page_number_bits;
        std::string name;
    };
    const auto row =
        GENERATE(Row{12, 4096, 0, "4KiB"}, Row{16, 65536, 4, "64KiB"}, Row{21, 2097152, 9, "2MiB"},
                 Row{22, 4194304, 10, "4MiB"}, Row{30, 1073741824, 18, "1GiB"},
                 Row{39, 549755813888, 27, "512GiB"}, Row{48, 281474976710656, 36, "256TiB"});

    const PageSize size{row.log2_bytes};

    CHECK(size.bytes() == row.bytes);
    CHECK(size.page_number_bits_inside() == row.page_number_bits);
    CHECK(to_text(size) == row.name);
    CHECK(fmt::format("{}", size) == row.name);
}

TEST_CASE("pages of a size are numbered in units of that size") {
    const VirtualPageNumber page{0x12345};

    CHECK(page_number_in_units_of(base_page_size, page) == 0x12345);
    CHECK(page_number_in_units_of(PageSize{16}, page) == 0x1234);
    CHECK(page_number_in_units_of(PageSize{21}, page) == 0x91);
    CHECK(page_number_in_units_of(PageSize{30}, page) == 0);
}

}  // namespace
}  // namespace mmusim::page_size_test
