// SPDX-License-Identifier: Apache-2.0
// Lookups that answered with the wrong page, or not at all.
#include "hw/tlb/tlb_array.hpp"
#include "hw/walker/plain_walk.hpp"
#include "hw/walker/walk_cache.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <optional>
#include <variant>
#include <vector>

namespace mmusim::hw::matching_test {
namespace {

constexpr PhysicalPageNumber root{0x8'0100};
constexpr Asid own_asid{7};
constexpr Asid other_asid{8};
constexpr std::uint64_t seed = 1;

struct Tables {
    explicit Tables(PagingMode mode = PagingMode::sv39)
        : paging{.mode = mode}, tables(memory, mode, root) {}

    [[nodiscard]] PlainWalk walk(VirtualAddress address) {
        return walk_plainly(
            paging, {.address = address, .context = {.root = root, .asid = own_asid}}, memory);
    }

    PhysicalMemory memory{{0x8000'0000}, 0x1000'0000};
    PagingParameters paging;
    tests::PageTableImage tables;
};

// OpenXiangShan/XiangShan#4811: global pages did not hit after a change of ASID.
TEST_CASE("published bug 5: a page that is global at any level hits under every ASID") {
    constexpr VirtualAddress address{0x12'3456'7000};
    for (const unsigned global_level : {0U, 1U, 2U}) {
        Tables image;
        image.tables.map(address, {0x8'8888});
        const PhysicalAddress entry = image.tables.entry_address(address, global_level);
        const PageTableEntry plain = image.tables.entry_at(entry);
        image.tables.write_entry(entry, {plain.raw | PageFlags::global_bit});
        const PlainWalk walk = image.walk(address);
        CAPTURE(global_level);
        REQUIRE(walk.walked);

        TlbArray array({}, all_page_sizes(image.paging), seed);
        array.fill(page_number_of(address), own_asid, walk.walked->page);
        for (const Asid asid : {Asid{0}, own_asid, other_asid, Asid{0xffff}}) {
            CHECK(array.lookup(page_number_of(address), asid));
        }
    }
}

// The same where a walk cache has seen the G bit of a pointer in the walk's place.
TEST_CASE("published bug 5 with a walk cache: below a global pointer the page is global") {
    constexpr VirtualAddress address{0x12'3456'7000};
    const TranslationRequest request{.address = address, .context = {.root = root}};
    Tables image;
    image.tables.map(address, {0x8'8888});
    const PhysicalAddress pointer = image.tables.entry_address(address, 1);
    const PhysicalAddress leaf = image.tables.entry_address(address, 0);
    for (const bool global : {false, true}) {
        WalkCache cache({.enabled = true}, format_of(PagingMode::sv39), seed);
        cache.pointer_read(request, pointer, 1, image.tables.entry_at(pointer), global);
        const std::optional<WalkCache::Start> start = cache.find_start(request);
        REQUIRE(start);
        PageWalk walk(image.paging, request);
        const auto read =
            std::get<ReadEntry>(walk.skip_to(start->level, start->table, start->global));
        CHECK(read.address == leaf);
        const auto walked = std::get<Walked>(walk.entry_read(image.tables.entry_at(leaf)));
        CHECK(walked.page.global == global);
    }
}

struct LargePage {
    PagingMode mode;
    unsigned level;
    bool napot;
};
constexpr std::array<LargePage, 9> large_pages{{
    {PagingMode::sv32, 1, false},
    {PagingMode::sv39, 0, true},
    {PagingMode::sv39, 1, false},
    {PagingMode::sv39, 2, false},
    {PagingMode::sv48, 0, true},
    {PagingMode::sv48, 3, false},
    {PagingMode::sv57, 0, true},
    {PagingMode::sv57, 2, false},
    {PagingMode::sv57, 4, false},
}};

// OpenXiangShan/XiangShan#4694 and #4911: which part of a superpage or NAPOT page was valid or
// matched came out wrong after a fill.
TEST_CASE(
    "published bug 24: one fill of a large page answers all its pages with their own frames") {
    for (const LargePage& row : large_pages) {
        Tables image(row.mode);
        const PageSize size =
            row.napot ? napot_page_size : format_of(row.mode).page_size_at(row.level);
        const std::uint64_t pages = size.bytes() / page_bytes;
        const VirtualAddress address{row.level == 4 ? 0 : size.bytes()};
        const PhysicalPageNumber frame{pages * 2};
        if (row.napot) {
            image.tables.map_napot(address, frame);
        } else {
            image.tables.map(address, frame, row.level);
        }
        const VirtualPageNumber first = page_number_of(address);
        const std::uint64_t step = pages > 1024 ? pages / 512 + 1 : 1;
        for (const std::uint64_t filled_by : {std::uint64_t{0}, pages / 2 + 1, pages - 1}) {
            const PlainWalk walk = image.walk((first + filled_by).address());
            REQUIRE(walk.walked);
            TlbArray array({}, all_page_sizes(image.paging), seed);
            array.fill(first + filled_by, own_asid, walk.walked->page);
            for (std::uint64_t number = 0; number < pages; number += step) {
                const auto hit = array.lookup(first + number, own_asid);
                CAPTURE(size, filled_by, number);
                REQUIRE(hit);
                REQUIRE(hit->page.physical_address((first + number).address() + 0x123) ==
                        (frame + number).address() + 0x123);
            }
            REQUIRE_FALSE(array.lookup(first + pages, own_asid));
        }
    }
}

// OpenXiangShan/XiangShan#5854: in a sector of eight pages the permission of one was used for
// another. There are no sectors here; the like are neighbours, and what lies beside a NAPOT page.
TEST_CASE("published bug 25: no page is judged by the rights of its neighbour") {
    constexpr std::uint64_t pages = 8 + 16;  // eight of 4 KiB, and those of a NAPOT page
    constexpr VirtualPageNumber first{0x4'0008};
    Tables image;
    std::vector<PageFlags> rights;
    for (std::uint64_t number = 0; number < 8; ++number) {
        const auto flags =
            static_cast<std::uint8_t>(0xc1 | (number % 4) << 3U | (number % 3 == 0 ? 0x6U : 0x2U));
        rights.push_back({flags});
        image.tables.map((first + number).address(), {0x8'4000 + number}, 0, {flags});
    }
    image.tables.map_napot((first + 8).address(), {0x8'8000});

    for (const std::uint32_t sets : {1U, 2U, 8U, 16U}) {
        for (std::uint64_t alone = 0; alone < pages; ++alone) {
            TlbArray array({.sets = sets, .ways = 24}, all_page_sizes(image.paging), seed);
            const TranslationRequest request{
                .address = (first + alone).address(),
                .type = AccessType::read,
                .context = {.root = root,
                            .asid = own_asid,
                            .privilege = alone < 8 && !rights[alone].user() ? Privilege::supervisor
                                                                            : Privilege::user}};
            const PlainWalk walk = walk_plainly(image.paging, request, image.memory);
            REQUIRE(walk.walked);
            array.fill(first + alone, own_asid, walk.walked->page);
            for (std::uint64_t number = 0; number < pages + 8; ++number) {
                const bool same_page =
                    number == alone || (number >= 8 && number < pages && alone >= 8);
                const auto hit = array.lookup(first + number, own_asid);
                CAPTURE(sets, alone, number);
                REQUIRE(hit.has_value() == same_page);
                if (number < 8 && hit) {
                    REQUIRE(hit->page.flags == rights[number]);
                }
            }
        }
    }
}

// Intel, CVE-2018-12207: the size of a page was changed without a fence; both sizes hit, and the
// machine stopped.
TEST_CASE("published bug 31: where pages of two sizes overlap one of them answers whole") {
    constexpr VirtualPageNumber large_first{0x4'0200};
    constexpr TranslatedPage large{.physical_page = {0x8'0000}, .size = {21}, .flags = {0x53}};
    for (const std::uint64_t inside : {0U, 1U, 17U, 511U}) {
        const VirtualPageNumber small_page = large_first + inside;
        for (const bool global : {false, true}) {
            const TranslatedPage small{
                .physical_page = {0x9'9999}, .size = {12}, .flags = {0xdf}, .global = global};
            for (const bool small_comes_first : {false, true}) {
                TlbArray array({.sets = 4, .ways = 2}, all_page_sizes({}), seed);
                if (small_comes_first) {
                    array.fill(small_page, own_asid, small);
                }
                array.fill(large_first + 300, own_asid, large);
                if (!small_comes_first) {
                    array.fill(small_page, own_asid, small);
                }
                for (std::uint64_t number = 0; number < 512; ++number) {
                    const auto hit = array.lookup(large_first + number, own_asid);
                    CAPTURE(inside, global, small_comes_first, number);
                    REQUIRE(hit);
                    REQUIRE(hit->page == (number == inside ? small : large));
                    REQUIRE(hit->overlapped == (number == inside));
                }
                CHECK(array.invalidate({.address = small_page.address()}) == 2);
                CHECK(array.entries().empty());
            }
        }
    }
}

}  // namespace
}  // namespace mmusim::hw::matching_test
