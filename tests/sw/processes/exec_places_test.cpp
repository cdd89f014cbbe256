// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/exec_places.hpp"

#include "hw/paging/format.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace mmusim::sw::exec_places_test {
namespace {

using namespace literals;

constexpr VirtualAddress half_of(hw::PagingMode mode) {
    return format_of(mode).user_half_end();
}

}  // namespace

TEST_CASE("without randomisation every place follows from the user half") {
    struct Row {
        VirtualAddress user_half_end;
        std::uint64_t stack_limit_bytes;
        std::uint64_t window_end;
        std::uint64_t mapping_end;
        std::uint64_t program_base;
    };
    const std::vector<Row> rows{
        {half_of(hw::PagingMode::sv32), 8_MiB, 0x8000'0000, 0x7800'0000, 0x5555'5554},
        {half_of(hw::PagingMode::sv39), 8_MiB, 0x40'0000'0000, 0x3f'f800'0000, 0x2a'aaaa'aaaa},
        {half_of(hw::PagingMode::sv48), 8_MiB, 0x8000'0000'0000, 0x7fff'f800'0000,
         0x5555'5555'5554},
        // More than 2^47 bytes are for those that ask for them.
        {half_of(hw::PagingMode::sv57), 8_MiB, 0x8000'0000'0000, 0x7fff'f800'0000,
         0x5555'5555'5554},
        // x86-64's, where a page is missing at the end: as its kernel does it.
        {{0x7fff'ffff'f000}, 8_MiB, 0x7fff'ffff'f000, 0x7fff'f7ff'f000, 0x5555'5555'4aaa},
        // 1 GiB of stack and 1 MiB behind it.
        {half_of(hw::PagingMode::sv39), 1_GiB, 0x40'0000'0000, 0x3f'bff0'0000, 0x2a'aaaa'aaaa},
        // However much stack, a sixth remains.
        {half_of(hw::PagingMode::sv39), ~std::uint64_t{0}, 0x40'0000'0000, 0xa'aaaa'b000,
         0x2a'aaaa'aaaa},
    };
    for (const Row& row : rows) {
        const ExecPlaces places = choose_places(
            {.user_half_end = row.user_half_end, .stack_limit_bytes = row.stack_limit_bytes});
        CHECK(places.window_end == VirtualAddress{row.window_end});
        CHECK(places.stack_end == places.window_end);
        CHECK(places.mapping_end == VirtualAddress{row.mapping_end});
        CHECK(places.program_base == VirtualAddress{row.program_base});
        CHECK(places.loader_heap == places.program_base);
        CHECK(places.heap_gap_bytes == 0);
        CHECK_FALSE(places.randomised);
    }
}

TEST_CASE("a seed moves every place by pages, as far as Linux does, the same each time") {
    struct Row {
        hw::PagingMode mode;
        std::uint64_t mapping_places;
        std::uint64_t stack_places;
        std::uint64_t heap_places;
        /// Below the end of the window: the stack's moves, its 8 MiB and 1 MiB more, or 128 MiB.
        std::uint64_t gap_bytes;
    };
    const std::vector<Row> rows{
        {hw::PagingMode::sv32, 1U << 8U, 1U << 11U, 1U << 13U, 128_MiB},
        {hw::PagingMode::sv39, 1U << 18U, 1U << 18U, 1U << 18U, 1_GiB - 4_KiB + 9_MiB},
        {hw::PagingMode::sv48, 1U << 18U, 1U << 18U, 1U << 18U, 1_GiB - 4_KiB + 9_MiB},
    };
    for (const Row& row : rows) {
        const VirtualAddress end = half_of(row.mode);
        const ExecPlaces still = choose_places({.user_half_end = end});
        const std::uint64_t highest = end.value - row.gap_bytes;
        std::uint64_t furthest_mapping = 0;
        std::uint64_t furthest_program = 0;
        std::uint64_t furthest_stack = 0;
        std::uint64_t furthest_heap = 0;
        for (std::uint64_t seed = 0; seed < 4000; ++seed) {
            const ExecPlaces places = choose_places({.user_half_end = end, .seed = seed});
            const ExecPlaces again = choose_places({.user_half_end = end, .seed = seed});
            REQUIRE(places.mapping_end == again.mapping_end);
            REQUIRE(places.heap_gap_bytes == again.heap_gap_bytes);
            REQUIRE(places.randomised);
            REQUIRE(places.mapping_end.page_offset() == 0);
            REQUIRE(places.stack_end.page_offset() == 0);
            REQUIRE(places.heap_gap_bytes % page_bytes == 0);
            REQUIRE(places.loader_heap == still.loader_heap);
            furthest_mapping = std::max(furthest_mapping, highest - places.mapping_end.value);
            furthest_program =
                std::max(furthest_program, places.program_base.value - still.program_base.value);
            furthest_stack =
                std::max(furthest_stack, still.stack_end.value - places.stack_end.value);
            furthest_heap = std::max(furthest_heap, places.heap_gap_bytes);
        }
        // The largest of 4000 draws: within the bound, and near it.
        const auto is_bound = [](std::uint64_t furthest, std::uint64_t count) {
            return furthest / page_bytes < count && furthest / page_bytes > count / 100 * 98;
        };
        CAPTURE(row.mode);
        CHECK(is_bound(furthest_mapping, row.mapping_places));
        CHECK(is_bound(furthest_program, row.mapping_places));
        CHECK(is_bound(furthest_stack, row.stack_places));
        CHECK(is_bound(furthest_heap, row.heap_places));
    }
}

TEST_CASE("different seeds give different places") {
    std::set<VirtualAddress> ends;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const VirtualAddress half = half_of(hw::PagingMode::sv39);
        ends.insert(choose_places({.user_half_end = half, .seed = seed}).mapping_end);
    }
    CHECK(ends.size() == 100);
}

}  // namespace mmusim::sw::exec_places_test
