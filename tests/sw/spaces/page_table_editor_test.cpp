// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/page_table_editor.hpp"

#include "hw/paging/parameters.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw::page_table_editor_test {

namespace {

using hw::PageFlags;
using hw::PageTableEntry;
using hw::PagingMode;
using tests::CountingMachine;

constexpr PhysicalPageNumber first_frame{0x80000};
constexpr PageFlags user_page{PageFlags::valid_bit | PageFlags::read_bit | PageFlags::user_bit |
                              PageFlags::accessed_bit};

// Frames as long as there are any.
class PlainSupply final : public FrameSupply {
  public:
    PlainSupply(FrameAllocator& frames, CountingMachine& machine)
        : frames_(frames), machine_(machine) {}

    [[nodiscard]] FrameGrant take(FrameUse use) override {
        const auto frame = frames_.allocate(use);
        return frame ? FrameGrant(*frame) : FrameShortage{};
    }
    [[nodiscard]] FrameGrant take_cleared(FrameUse use) override {
        const FrameGrant grant = take(use);
        if (const auto* const frame = std::get_if<PhysicalPageNumber>(&grant)) {
            machine_.clear_frame(*frame);
        }
        return grant;
    }

  private:
    FrameAllocator& frames_;
    CountingMachine& machine_;
};

// An empty address space in a memory of `frames` frames, the root among them.
struct Bench {
    Bench(PagingMode mode, std::uint64_t frame_count)
        : paging{.mode = mode}, frames({.first = first_frame, .count = frame_count}, 0) {
        machine.clear_frame(space.root);
        machine.reset_counts();
    }

    [[nodiscard]] const hw::PagingFormat& format() const { return hw::format_of(paging.mode); }
    [[nodiscard]] PageSpan user_half() const {
        return {.start = {}, .end = format().user_half_end()};
    }

    hw::PagingParameters paging;
    CountingMachine machine;
    FrameAllocator frames;
    PlainSupply supply{frames, machine};
    PageTableEditor editor{hw::format_of(paging.mode), supply, machine};
    AddressSpace space{.root = frames.allocate(FrameUse::page_table).value()};
};

EntrySlot made_slot(Bench& bench, VirtualAddress address) {
    return std::get<EntrySlot>(bench.editor.find_or_make(bench.space, address));
}

bool makes_slot(Bench& bench, VirtualAddress address) {
    return std::holds_alternative<EntrySlot>(bench.editor.find_or_make(bench.space, address));
}

}  // namespace

TEST_CASE("looking for a leaf makes no tables") {
    Bench bench(PagingMode::sv39, 10);

    CHECK_FALSE(bench.editor.find(bench.space, {0x1000}).has_value());
    CHECK(bench.machine.counts().reads == 1);
    CHECK(bench.machine.counts().writes == 0);
    CHECK(bench.frames.statistics().page_table == 1);

    REQUIRE(makes_slot(bench, {0x1000}));
    const std::optional<EntrySlot> found = bench.editor.find(bench.space, {0x1000});
    REQUIRE(found);
    CHECK_FALSE(found->entry.valid());
}

TEST_CASE("the first leaf makes a table on every level below the root, its neighbour none") {
    const auto mode =
        GENERATE(PagingMode::sv32, PagingMode::sv39, PagingMode::sv48, PagingMode::sv57);
    Bench bench(mode, 10);
    const std::uint64_t levels = bench.format().levels;

    REQUIRE(makes_slot(bench, {0x1000}));
    CHECK(bench.machine.counts().reads == levels);
    CHECK(bench.machine.counts().writes == levels - 1);
    CHECK(bench.machine.counts().clears == levels - 1);
    CHECK(bench.space.page_table_pages == levels);

    bench.machine.reset_counts();
    REQUIRE(makes_slot(bench, {0x2000}));
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
    REQUIRE(makes_slot(bench, {0x1000}));
    bench.machine.reset_counts();

    REQUIRE(makes_slot(bench, {row.address}));

    CHECK(bench.machine.counts().clears == row.new_tables);
}

TEST_CASE("the hardware finds the leaf where the editor wrote it") {
    const auto mode =
        GENERATE(PagingMode::sv32, PagingMode::sv39, PagingMode::sv48, PagingMode::sv57);
    Bench bench(mode, 20);
    const std::vector<VirtualAddress> addresses{
        {0}, {0x1000}, {0x40'0000}, {0x7fff'f000}, {bench.format().user_half_end().value - 0x1000}};

    for (const VirtualAddress address : addresses) {
        const EntrySlot slot = made_slot(bench, address);
        const PhysicalPageNumber page{page_number_of(address).value % 0x10000};
        bench.editor.write(slot, PageTableEntry::make(page, user_page));

        const auto walked =
            tests::hardware_walk(bench.machine, bench.paging,
                                 {.root = bench.space.root, .asid = {}}, address, AccessType::read);
        REQUIRE(walked);
        CHECK(walked->physical_page == page);
        CHECK(walked->size == base_page_size);
    }
}

TEST_CASE("without a frame for a table there is no slot, and what was made is counted and whole") {
    const auto frame_count =
        GENERATE(std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{4});
    Bench bench(PagingMode::sv57, frame_count);

    REQUIRE_FALSE(makes_slot(bench, {0x1000}));
    CHECK(bench.space.page_table_pages == frame_count);
    CHECK(bench.frames.statistics().free == 0);
    CHECK(bench.machine.counts().clears == frame_count - 1);

    // A table that was linked without being cleared would show here.
    std::uint64_t slots = 0;
    bench.editor.visit(bench.space, bench.user_half(),
                       [&](VirtualAddress, const EntrySlot&) { ++slots; });
    CHECK(slots == 0);
}

TEST_CASE("a visit sees the slots in its span that say something, in order") {
    Bench bench(PagingMode::sv39, 20);
    const std::vector<VirtualAddress> addresses{{0}, {0x1000}, {0x20'0000}, {0x4000'0000}};
    for (const VirtualAddress address : addresses) {
        bench.editor.write(made_slot(bench, address), PageTableEntry::make({7}, user_page));
    }
    // Not valid, and yet something; and a table without anything.
    bench.editor.write(made_slot(bench, {0x3000}), {0x400});
    REQUIRE(makes_slot(bench, {0x8000'0000}));

    const auto visited = [&](PageSpan span) {
        std::vector<std::uint64_t> seen;
        bench.editor.visit(bench.space, span, [&](VirtualAddress address, const EntrySlot&) {
            seen.push_back(address.value);
        });
        return seen;
    };

    CHECK(visited(bench.user_half()) ==
          std::vector<std::uint64_t>{0, 0x1000, 0x3000, 0x20'0000, 0x4000'0000});
    CHECK(visited({.start = {0x1000}, .end = {0x20'0000}}) ==
          std::vector<std::uint64_t>{0x1000, 0x3000});
    CHECK(visited({.start = {0x2000}, .end = {0x3000}}).empty());
}

TEST_CASE("tables go when no region reaches into what they translate, from the last level up") {
    Bench bench(PagingMode::sv39, 20);
    const Region low{.start = {0x1000}, .end = {0x2000}, .rights = read_write_execute};
    const Region neighbour{.start = {0x20'0000}, .end = {0x20'1000}, .rights = read_write_execute};
    bench.space.regions.insert(low);
    bench.space.regions.insert(neighbour);
    REQUIRE(makes_slot(bench, low.start));
    REQUIRE(makes_slot(bench, neighbour.start));
    REQUIRE(bench.space.page_table_pages == 4);

    const auto pruned = [&](const Region& region) {
        const PageSpan span = region.span();
        bench.space.regions.remove(span);
        std::vector<PhysicalPageNumber> tables;
        bench.editor.prune(bench.space, span,
                           [&](PhysicalPageNumber table) { tables.push_back(table); });
        return tables;
    };

    // In the order of their making: root, middle, last of `low`, last of `neighbour`.
    CHECK(pruned(low) == std::vector<PhysicalPageNumber>{first_frame + 2});
    CHECK(pruned(neighbour) == std::vector<PhysicalPageNumber>{first_frame + 3, first_frame + 1});
    CHECK(bench.space.page_table_pages == 1);
    CHECK_FALSE(bench.editor.find(bench.space, {0x1000}));
}

}  // namespace mmusim::sw::page_table_editor_test
