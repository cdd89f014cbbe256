// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/page_table_view.hpp"

#include "tests/support/counting_machine.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace mmusim::sw::page_table_view_test {

namespace {

using hw::PageFlags;
using hw::PageTableEntry;
using Tables = std::array<std::uint64_t, hw::max_levels>;

constexpr PhysicalPageNumber root{0x100};
constexpr PhysicalPageNumber middle{0x101};
constexpr PhysicalPageNumber last{0x102};
constexpr std::uint64_t huge_bytes = std::uint64_t{1} << 21U;

const hw::PagingFormat& sv39() {
    return hw::format_of(hw::PagingMode::sv39);
}

PageTableEntry leaf(std::uint64_t frame) {
    return PageTableEntry::make({frame}, {PageFlags::valid_bit | PageFlags::read_bit});
}

PageTableEntry pointer(PhysicalPageNumber table) {
    return PageTableEntry::make(table, {PageFlags::valid_bit});
}

// Pages at 0x1000 and 0x3000, the second without V; a huge page at 4 MiB.
struct Bench {
    Bench() {
        for (const PhysicalPageNumber table : {root, middle, last}) {
            machine.clear_frame(table);
        }
        machine.poke(root.address(), pointer(middle));
        machine.poke(middle.address(), pointer(last));
        machine.poke(middle.address() + 2 * 8, leaf(0x400));
        machine.poke(last.address() + 1 * 8, leaf(0x7));
        machine.poke(last.address() + 3 * 8, PageTableEntry::make({0x9}, {PageFlags::global_bit}));
    }

    [[nodiscard]] std::vector<std::uint64_t> addresses(PageSpan span) {
        std::vector<std::uint64_t> found;
        PageTableView(sv39(), machine).visit(root, span, [&](const PageTableView::Leaf& each) {
            found.push_back(each.address.value);
        });
        return found;
    }

    tests::CountingMachine machine;
};

}  // namespace

TEST_CASE("a view shows the leaves of a span in order, whole huge pages, and entries without V") {
    Bench bench;
    const VirtualAddress end = sv39().user_half_end();
    using Addresses = std::vector<std::uint64_t>;

    CHECK(bench.addresses({{}, end}) == Addresses{0x1000, 0x3000, 2 * huge_bytes});
    CHECK(bench.addresses({{0x1000}, {0x3000}}) == Addresses{0x1000});
    CHECK(bench.addresses({{0x2000}, {0x4000}}) == Addresses{0x3000});
    CHECK(bench.addresses({{2 * huge_bytes + 0x1000}, {2 * huge_bytes + 0x2000}}) ==
          Addresses{2 * huge_bytes});
    CHECK(bench.addresses({{3 * huge_bytes}, end}).empty());
}

TEST_CASE("a view counts the tables of each level") {
    Bench bench;
    CHECK(PageTableView(sv39(), bench.machine).tables_by_level(root) == Tables{1, 1, 1, 0, 0});
    CHECK(PageTableView(sv39(), bench.machine).tables_by_level(last) == Tables{0, 0, 1, 0, 0});
}

TEST_CASE("looking at page tables asks the machine for no read that counts") {
    Bench bench;
    bench.machine.reset_counts();
    static_cast<void>(bench.addresses({{}, sv39().user_half_end()}));
    CHECK(bench.machine.counts().reads == 0);
    CHECK(bench.machine.counts().writes == 0);
}

}  // namespace mmusim::sw::page_table_view_test
