// SPDX-License-Identifier: Apache-2.0
// Entries that a walk should have refused, and did not, or not in time.
#include "hw/walker/plain_walk.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace mmusim::hw::walk_checks_test {
namespace {

constexpr PhysicalPageNumber root{0x8'0100};
constexpr VirtualAddress address{0x1234'5678};
constexpr std::array<PagingMode, 4> all_modes{PagingMode::sv32, PagingMode::sv39, PagingMode::sv48,
                                              PagingMode::sv57};

// Tables that lead to a leaf at `level`, of which one entry can be changed.
struct Tables {
    Tables(PagingMode mode, unsigned level, PhysicalPageNumber frame,
           PageFlags flags = tests::PageTableImage::user_read_write_execute)
        : paging{.mode = mode}, tables(memory, mode, root) {
        leaf = tables.map(address, frame, level, flags);
    }

    // Walks where the entry of `level` has these bits too.
    [[nodiscard]] PlainWalk walk_with(unsigned level, std::uint64_t bits,
                                      const TranslationContext& context = {.root = root}) {
        const PhysicalAddress where = tables.entry_address(address, level);
        const PageTableEntry good = tables.entry_at(where);
        tables.write_entry(where, {good.raw | bits});
        PlainWalk walk = walk_plainly(paging, {.address = address, .context = context}, memory);
        tables.write_entry(where, good);
        return walk;
    }

    PhysicalMemory memory{{0x8000'0000}, 0x1000'0000};
    PagingParameters paging;
    tests::PageTableImage tables;
    PhysicalAddress leaf{};
};

bool page_faults_at(const PlainWalk& walk, unsigned level) {
    return walk.fault && walk.fault->cause == FaultCause::page_fault &&
           walk.fault->level == level && walk.updates.empty();
}

// openhwgroup/cva6#3420, chipsalliance/rocket-chip#2895, riscv-boom/riscv-boom#570,
// black-parrot/black-parrot PR #1326.
TEST_CASE("published bug 12: a pointer entry with A or D or U set faults") {
    for (const PagingMode mode : all_modes) {
        Tables image(mode, 0, {0x8'8888});
        for (unsigned level = 1; level < format_of(mode).levels; ++level) {
            CAPTURE(mode, level);
            CHECK(image.walk_with(level, 0).walked);
            for (const bool accessed : {false, true}) {
                for (const bool dirty : {false, true}) {
                    for (const bool user : {false, true}) {
                        const unsigned bits = (accessed ? PageFlags::accessed_bit : 0U) |
                                              (dirty ? PageFlags::dirty_bit : 0U) |
                                              (user ? PageFlags::user_bit : 0U);
                        CAPTURE(bits);
                        CHECK(page_faults_at(image.walk_with(level, bits), level) == (bits != 0));
                    }
                }
            }
        }
    }
}

// openhwgroup/cvw PR #1815 and #1833.
TEST_CASE("published bug 13: reserved bits of a pointer and N of a superpage fault") {
    for (const PagingMode mode : {PagingMode::sv39, PagingMode::sv48, PagingMode::sv57}) {
        for (unsigned level = 1; level < format_of(mode).levels; ++level) {
            Tables pointers(mode, 0, {0x8'8888});
            CAPTURE(mode, level);
            for (const bool memory_types : {false, true}) {
                const TranslationContext context{.root = root,
                                                 .page_based_memory_types = memory_types};
                for (unsigned bit = 54; bit < 64; ++bit) {
                    CAPTURE(bit, memory_types);
                    CHECK(page_faults_at(
                        pointers.walk_with(level, std::uint64_t{1} << bit, context), level));
                }
            }
            // The page number of a good superpage, and one with the code of 64 KiB in its place.
            for (const std::uint64_t size_code : {0U, 8U}) {
                Tables superpage(mode, level, {size_code});
                CAPTURE(size_code);
                CHECK(page_faults_at(superpage.walk_with(level, PageTableEntry::napot_bit), level));
            }
        }
    }
}

// ultraembedded/biriscv#46: what stands below the superpage's frame was ORed into the address.
TEST_CASE(
    "published bug 14: a misaligned superpage faults and an aligned one takes no bits of it") {
    for (const PagingMode mode : all_modes) {
        const PagingFormat& format = format_of(mode);
        for (unsigned level = 1; level < format.levels; ++level) {
            Tables image(mode, level, {0});
            const PageSize size = format.page_size_at(level);
            CAPTURE(mode, level);
            for (unsigned bit = 0; bit < size.page_number_bits_inside(); ++bit) {
                CAPTURE(bit);
                const PlainWalk walk = image.walk_with(level, std::uint64_t{1} << (10U + bit));
                CHECK(page_faults_at(walk, level));
            }
            const PlainWalk aligned =
                image.walk_with(level, std::uint64_t{1} << (10U + size.page_number_bits_inside()));
            REQUIRE(aligned.walked);
            CHECK(aligned.walked->page.size == size);
            CHECK(aligned.walked->page.physical_address(address) ==
                  PhysicalAddress{size.bytes() + address.value % size.bytes()});
        }
    }
}

// Every state of the hart that judges a leaf.
template <typename Judge>
void for_each_request(Judge&& judge) {
    for (const AccessType type : {AccessType::read, AccessType::write, AccessType::fetch}) {
        for (const Privilege privilege : {Privilege::user, Privilege::supervisor}) {
            for (const bool sum : {false, true}) {
                for (const bool mxr : {false, true}) {
                    judge(TranslationRequest{.address = address,
                                             .type = type,
                                             .context = {.root = root,
                                                         .privilege = privilege,
                                                         .supervisor_user_memory = sum,
                                                         .make_executable_readable = mxr}});
                }
            }
        }
    }
}

// openhwgroup/cvw PR #1856 and #1833.
TEST_CASE("published bug 15: an access that faults leaves A and D as they were") {
    struct Row {
        unsigned level;
        std::uint64_t frame;
    };
    // A page, a good superpage, a misaligned one.
    for (const Row row : {Row{0, 0x8'8888}, Row{1, 0x8'8800}, Row{1, 0x8'8801}}) {
        unsigned faults = 0;
        unsigned updates = 0;
        for (unsigned bits = 0; bits < 256; ++bits) {
            const PageFlags flags{static_cast<std::uint8_t>(bits)};
            Tables image(PagingMode::sv39, row.level, {row.frame}, flags);
            const PageTableEntry before = image.tables.entry_at(image.leaf);
            for_each_request([&](const TranslationRequest& request) {
                const PlainWalk walk = walk_plainly(image.paging, request, image.memory);
                const bool changed = image.tables.entry_at(image.leaf) != before;
                CAPTURE(row.level, row.frame, bits, request.type, request.context.privilege);
                REQUIRE(changed == (walk.walked && !walk.updates.empty()));
                faults += walk.fault ? 1 : 0;
                updates += changed ? 1 : 0;
                image.tables.write_entry(image.leaf, before);
            });
        }
        CHECK(faults > 4000);
        CHECK((updates > 200) == (row.frame % 2 == 0));
    }
}

}  // namespace
}  // namespace mmusim::hw::walk_checks_test
