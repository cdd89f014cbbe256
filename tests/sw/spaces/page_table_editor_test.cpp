// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/page_table_editor.hpp"

#include "hw/paging/parameters.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::sw {

namespace {

using hw::PageFlags;
using hw::PageTableEntry;
using hw::PagingMode;
using tests::CountingMachine;

constexpr PhysicalPageNumber first_frame{0x80000};
constexpr PageFlags user_page{PageFlags::valid_bit | PageFlags::read_bit | PageFlags::user_bit |
                              PageFlags::accessed_bit};

// An empty address space in a memory of `frames` frames, the root among them.
struct Bench {
    Bench(PagingMode mode, std::uint64_t frame_count)
        : paging{.mode = mode}, frames({.first = first_frame, .count = frame_count}, 0) {
        machine.clear_frame(space.root());
        machine.reset_counts();
    }

    [[nodiscard]] const hw::PagingFormat& format() const { return hw::format_of(paging.mode); }

    hw::PagingParameters paging;
    CountingMachine machine;
    FrameAllocator frames;
    ClearedFrames cleared_frames{OsParameters{}, frames, machine};
    PageTableEditor editor{hw::format_of(paging.mode), cleared_frames, machine};
    AddressSpace space{frames.allocate(FrameUse::page_table).value()};
};

std::vector<PhysicalPageNumber> tables_of(Bench& bench) {
    std::vector<PhysicalPageNumber> tables;
    bench.editor.visit(
        bench.space, [](PageTableEntry) {},
        [&](PhysicalPageNumber table) { tables.push_back(table); });
    return tables;
}

}  // namespace

TEST_CASE("looking for a leaf makes no tables") {
    Bench bench(PagingMode::sv39, 10);

    CHECK_FALSE(bench.editor.find(bench.space, {0x1000}).has_value());
    CHECK(bench.machine.counts().reads == 1);
    CHECK(bench.machine.counts().writes == 0);
    CHECK(bench.frames.statistics().page_table == 1);

    REQUIRE(bench.editor.find_or_make(bench.space, {0x1000}));
    const std::optional<EntrySlot> found = bench.editor.find(bench.space, {0x1000});
    REQUIRE(found);
    CHECK_FALSE(found->entry.valid());
}

TEST_CASE("the first leaf makes a table on every level below the root, its neighbour none") {
    const auto mode =
        GENERATE(PagingMode::sv32, PagingMode::sv39, PagingMode::sv48, PagingMode::sv57);
    Bench bench(mode, 10);
    const std::uint64_t levels = bench.format().levels;

    REQUIRE(bench.editor.find_or_make(bench.space, {0x1000}));
    CHECK(bench.machine.counts().reads == levels);
    CHECK(bench.machine.counts().writes == levels - 1);
    CHECK(bench.machine.counts().clears == levels - 1);
    CHECK(bench.space.page_table_pages == levels);

    bench.machine.reset_counts();
    REQUIRE(bench.editor.find_or_make(bench.space, {0x2000}));
    CHECK(bench.machine.counts().reads == levels);
    CHECK(bench.machine.counts().writes == 0);
    CHECK(bench.machine.counts().clears == 0);
    CHECK(bench.space.page_table_pages == levels);
}

TEST_CASE("addresses share the tables of the levels on which they agree") {
    struct Row {
        std::uint64_t address;
        std::uint64_t new_tables;
    };
    const Row row = GENERATE(values<Row>({
        {.address = 0x001f'f000, .new_tables = 0},     // the same last table
        {.address = 0x0020'0000, .new_tables = 1},     // the next 2 MiB
        {.address = 0x4000'0000, .new_tables = 2},     // the next 1 GiB
        {.address = 0x3f'ffff'f000, .new_tables = 2},  // the top of the user half
    }));
    Bench bench(PagingMode::sv39, 10);
    REQUIRE(bench.editor.find_or_make(bench.space, {0x1000}));
    bench.machine.reset_counts();

    REQUIRE(bench.editor.find_or_make(bench.space, {row.address}));

    CHECK(bench.machine.counts().clears == row.new_tables);
}

TEST_CASE("the hardware finds the leaf where the editor wrote it") {
    const auto mode =
        GENERATE(PagingMode::sv32, PagingMode::sv39, PagingMode::sv48, PagingMode::sv57);
    Bench bench(mode, 20);
    const std::vector<VirtualAddress> addresses{
        {0}, {0x1000}, {0x40'0000}, {0x7fff'f000}, {bench.format().user_half_end().value - 0x1000}};

    for (const VirtualAddress address : addresses) {
        const std::optional<EntrySlot> slot = bench.editor.find_or_make(bench.space, address);
        REQUIRE(slot);
        const PhysicalPageNumber page{page_number_of(address).value % 0x10000};
        bench.editor.write(*slot, PageTableEntry::make(page, user_page));

        const auto walked = tests::hardware_walk(bench.machine, bench.paging,
                                                 {.root = bench.space.root(), .asid = {}}, address,
                                                 AccessType::read);
        REQUIRE(walked);
        CHECK(walked->physical_page == page);
        CHECK(walked->size == base_page_size);
    }
}

TEST_CASE("without a frame for a table there is no slot, and what was made is counted and whole") {
    const auto frame_count =
        GENERATE(std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{4});
    Bench bench(PagingMode::sv57, frame_count);

    REQUIRE_FALSE(bench.editor.find_or_make(bench.space, {0x1000}).has_value());
    CHECK(bench.space.page_table_pages == frame_count);
    CHECK(bench.frames.statistics().free == 0);
    CHECK(bench.machine.counts().clears == frame_count - 1);

    // A table that was linked without being cleared would show here.
    CHECK(tables_of(bench).size() == frame_count);
}

TEST_CASE("a visit sees every valid leaf once and every table after what hangs from it") {
    Bench bench(PagingMode::sv39, 20);
    const std::vector<VirtualAddress> addresses{{0}, {0x1000}, {0x20'0000}, {0x4000'0000}};
    for (std::uint64_t page = 0; page < addresses.size(); ++page) {
        const auto slot = bench.editor.find_or_make(bench.space, addresses[page]);
        REQUIRE(slot);
        bench.editor.write(*slot, PageTableEntry::make({page}, user_page));
    }
    // A table without leaves.
    REQUIRE(bench.editor.find_or_make(bench.space, {0x8000'0000}));

    std::vector<std::uint64_t> leaves;
    std::vector<PhysicalPageNumber> tables;
    bench.editor.visit(
        bench.space, [&](PageTableEntry leaf) { leaves.push_back(leaf.page_number().value); },
        [&](PhysicalPageNumber table) { tables.push_back(table); });

    CHECK(leaves == std::vector<std::uint64_t>{0, 1, 2, 3});
    // Frames in the order of their making: root 0, middle 1, last 2, last 3, middle 4, last 5 …
    const std::vector<PhysicalPageNumber> expected{
        first_frame + 2, first_frame + 3, first_frame + 1, first_frame + 5,
        first_frame + 4, first_frame + 7, first_frame + 6, first_frame};
    CHECK(tables == expected);
    CHECK(tables.size() == bench.space.page_table_pages);
}

}  // namespace mmusim::sw
