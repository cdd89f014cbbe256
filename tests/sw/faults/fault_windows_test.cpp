// SPDX-License-Identifier: Apache-2.0
#include "sw/faults/fault_windows.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::sw::fault_windows_test {

TEST_CASE("read-ahead: a window around the page, from the start of the file to its end") {
    struct Row {
        std::uint64_t page = 0;
        std::uint64_t file_pages = 0;
        std::uint64_t window = 0;
        AccessPattern pattern = AccessPattern::normal;
        PageRange read;
    };
    const std::vector<Row> rows{
        {100, 1000, 32, AccessPattern::normal, {84, 116}},
        {16, 1000, 32, AccessPattern::normal, {0, 32}},
        {3, 1000, 32, AccessPattern::normal, {0, 32}},
        {0, 1000, 32, AccessPattern::normal, {0, 32}},
        {995, 1000, 32, AccessPattern::normal, {979, 1000}},
        {999, 1000, 32, AccessPattern::normal, {983, 1000}},
        {2, 5, 32, AccessPattern::normal, {0, 5}},
        {7, 1000, 5, AccessPattern::normal, {5, 10}},
        {7, 1000, 1, AccessPattern::normal, {7, 8}},
        {7, 1000, 0, AccessPattern::normal, {7, 8}},
        {100, 1000, 32, AccessPattern::random, {100, 101}},
        {100, 1000, 32, AccessPattern::sequential, {100, 132}},
        {990, 1000, 32, AccessPattern::sequential, {990, 1000}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.page, row.file_pages, row.window);
        CHECK(read_ahead(row.page, row.file_pages, row.window, row.pattern) == row.read);
    }
}

TEST_CASE("fault-around: the aligned group of the address, within its region") {
    const auto region = [](std::uint64_t start, std::uint64_t end) {
        return Region{.start = {start}, .end = {end}, .rights = {}};
    };
    struct Row {
        Region region;
        std::uint64_t address = 0;
        std::uint64_t pages = 0;
        PageSpan group;
    };
    const std::vector<Row> rows{
        {region(0x4000'0000, 0x4010'0000), 0x4000'5123, 16, {{0x4000'0000}, {0x4001'0000}}},
        {region(0x4000'0000, 0x4010'0000), 0x4001'0000, 16, {{0x4001'0000}, {0x4002'0000}}},
        {region(0x4000'3000, 0x4000'9000), 0x4000'5123, 16, {{0x4000'3000}, {0x4000'9000}}},
        {region(0x4000'3000, 0x4010'0000), 0x4000'5123, 4, {{0x4000'4000}, {0x4000'8000}}},
        {region(0x4000'0000, 0x4010'0000), 0x4000'5123, 1, {{0x4000'5000}, {0x4000'6000}}},
        {region(0x4000'0000, 0x4010'0000), 0x4000'5123, 0, {{0x4000'5000}, {0x4000'6000}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.region.start.value, row.address, row.pages);
        CHECK(fault_around(row.region, {row.address}, row.pages) == row.group);
    }
}

}  // namespace mmusim::sw::fault_windows_test
