// SPDX-License-Identifier: Apache-2.0
// Every check of the privileged specification, "Virtual Address Translation Process", one table
// each. Sv39 unless said otherwise.
#include "hw/paging/page_walk.hpp"

#include "hw/walker/plain_walk.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::hw::page_walk_test {
namespace {

using tests::PageTableImage;

constexpr PhysicalAddress memory_base{0x8000'0000};
constexpr std::uint64_t memory_bytes = 0x1000'0000;
constexpr PhysicalPageNumber root{0x8'0100};
constexpr VirtualAddress address{0x12'3456'7abc};

// A user's leaf that is right for every access, and a pointer.
constexpr std::uint64_t leaf_flags = 0xdf;
constexpr std::uint64_t pointer_flags = 0x01;

TranslationRequest request_of(AccessType type, VirtualAddress where = address) {
    return {.address = where, .type = type, .context = {.root = root}};
}

// Where menvcfg.ADUE or menvcfg.PBMTE is clear.
constexpr TranslationContext svade{.root = root, .hardware_ad_update = false};
constexpr TranslationContext no_memory_types{.root = root, .page_based_memory_types = false};

std::uint64_t entry_of(std::uint64_t page, std::uint64_t flags) {
    return page << 10U | flags;
}

// Walks where good pointers lead to `entry` at `level`.
PlainWalk walk_to(unsigned level, std::uint64_t entry, const TranslationRequest& request,
                  const PagingParameters& paging = {}) {
    PhysicalMemory memory(memory_base, memory_bytes);
    PageTableImage tables(memory, paging.mode, root);
    const PhysicalAddress where = tables.map(request.address, {0}, level);
    tables.write_entry(where, {entry});
    return walk_plainly(paging, request, memory);
}

bool page_faults_at(const PlainWalk& walk, unsigned level) {
    return walk.fault && walk.fault->cause == FaultCause::page_fault &&
           walk.fault->level == level && walk.updates.empty();
}

TEST_CASE("a walk reads one entry per level, each where the table above points") {
    PhysicalMemory memory(memory_base, memory_bytes);
    PageTableImage tables(memory, PagingMode::sv39, root);
    tables.map(address, {0x8'8888});

    const PlainWalk walk = walk_plainly({}, request_of(AccessType::read), memory);

    REQUIRE(walk.walked);
    CHECK(walk.walked->level == 0);
    CHECK(walk.walked->page.physical_address(address) == PhysicalAddress{0x8888'8abc});
    // 0x12'3456'7abc is 0x48, 0x1a2, 0x167 in the three tables.
    REQUIRE(walk.reads.size() == 3);
    CHECK(walk.reads[0].address == PhysicalAddress{0x8010'0000 + 0x48 * 8});
    CHECK(walk.reads[1].address == PhysicalAddress{0x8010'1000 + 0x1a2 * 8});
    CHECK(walk.reads[2].address == PhysicalAddress{0x8010'2000 + 0x167 * 8});
    CHECK(walk.reads[0].level == 2);
    CHECK(walk.reads[2].level == 0);
}

TEST_CASE("each format walks as many levels as it has") {
    struct Row {
        PagingMode mode;
        std::size_t levels;
    };
    const auto row = GENERATE(Row{PagingMode::sv32, 2}, Row{PagingMode::sv39, 3},
                              Row{PagingMode::sv48, 4}, Row{PagingMode::sv57, 5});
    const VirtualAddress where{0x1234'5678};
    const PagingParameters paging{.mode = row.mode};

    const PlainWalk walk =
        walk_to(0, entry_of(0x8'8888, leaf_flags), request_of(AccessType::fetch, where), paging);

    REQUIRE(walk.walked);
    CHECK(walk.reads.size() == row.levels);
    CHECK(walk.walked->page.physical_address(where) == PhysicalAddress{0x8888'8678});
}

TEST_CASE("an entry that is malformed at any level is a page fault at that level") {
    struct Row {
        std::string what;
        std::uint64_t entry;
        TranslationContext context{.root = root};
        PagingParameters paging{};
    };
    std::vector<Row> rows{
        {"all zero", 0},
        {"V clear in a perfect leaf", entry_of(0x8'0000, leaf_flags & ~1U)},
        {"V clear in a perfect pointer", entry_of(0x8'0102, 0)},
        {"W without R", entry_of(0x8'0000, 0xd5)},
        {"W and X without R", entry_of(0x8'0000, 0xdd)},
        {"memory type 1 without Svpbmt", entry_of(0, leaf_flags) | 1ULL << 61U, no_memory_types},
        {"memory type 2 without Svpbmt", entry_of(0, leaf_flags) | 2ULL << 61U, no_memory_types},
        {"memory type 3 with Svpbmt", entry_of(0, leaf_flags) | 3ULL << 61U},
        {"memory type 3 without Svpbmt", entry_of(0, leaf_flags) | 3ULL << 61U, no_memory_types},
        {"N without Svnapot",
         entry_of(8, leaf_flags) | 1ULL << 63U,
         {.root = root},
         {.svnapot = false}},
        {"a pointer with A", entry_of(0x8'0102, pointer_flags | 0x40)},
        {"a pointer with D", entry_of(0x8'0102, pointer_flags | 0x80)},
        {"a pointer with U", entry_of(0x8'0102, pointer_flags | 0x10)},
        {"a pointer with N", entry_of(0x8'0108, pointer_flags) | 1ULL << 63U},
        {"a pointer with memory type 1", entry_of(0x8'0102, pointer_flags) | 1ULL << 61U},
        {"a pointer with memory type 2", entry_of(0x8'0102, pointer_flags) | 2ULL << 61U},
    };
    for (unsigned bit = 54; bit <= 60; ++bit) {
        rows.push_back({"reserved bit " + std::to_string(bit) + " of a leaf",
                        entry_of(0, leaf_flags) | 1ULL << bit});
        rows.push_back({"reserved bit " + std::to_string(bit) + " of a pointer",
                        entry_of(0x8'0102, pointer_flags) | 1ULL << bit});
    }
    const auto level = GENERATE(0U, 1U, 2U);
    const auto type = GENERATE(AccessType::read, AccessType::write, AccessType::fetch);

    for (const Row& row : rows) {
        CAPTURE(row.what, level, type);
        const PlainWalk walk =
            walk_to(level, row.entry, {.address = address, .type = type, .context = row.context},
                    row.paging);
        CHECK(page_faults_at(walk, level));
        CHECK(walk.reads.size() == 3 - level);
    }
}

TEST_CASE("a pointer at the last level is a page fault") {
    CHECK(page_faults_at(walk_to(0, entry_of(0x8'0102, 0x01), request_of(AccessType::read)), 0));
    CHECK(page_faults_at(walk_to(0, entry_of(0x8'0102, 0x21), request_of(AccessType::read)), 0));
}

TEST_CASE("the two bits for software mean nothing to a walk") {
    CHECK(walk_to(0, entry_of(0x8'8888, leaf_flags | 0x300), request_of(AccessType::write)).walked);
}

TEST_CASE("a leaf above the last level maps a large page") {
    struct Row {
        unsigned level;
        std::uint64_t page;
        std::string size;
        std::uint64_t physical;
    };
    const auto row =
        GENERATE(Row{1, 0x8'8800, "2MiB", 0x8896'7abc}, Row{2, 0xc'0000, "1GiB", 0xf456'7abc});

    const PlainWalk walk =
        walk_to(row.level, entry_of(row.page, leaf_flags), request_of(AccessType::read));

    REQUIRE(walk.walked);
    CHECK(walk.walked->level == row.level);
    CHECK(walk.reads.size() == 3 - row.level);
    CHECK(to_text(walk.walked->page.size) == row.size);
    CHECK(walk.walked->page.physical_page == PhysicalPageNumber{row.page});
    CHECK(walk.walked->page.physical_address(address) == PhysicalAddress{row.physical});
}

TEST_CASE("a large page that is not aligned to its size is a page fault, whichever bit is set") {
    struct Row {
        unsigned level;
        unsigned bits;
    };
    const auto row = GENERATE(Row{1, 9}, Row{2, 18});

    for (unsigned bit = 0; bit < row.bits; ++bit) {
        CAPTURE(row.level, bit);
        CHECK(page_faults_at(walk_to(row.level, entry_of(0x8'0000 | 1ULL << bit, leaf_flags),
                                     request_of(AccessType::read)),
                             row.level));
    }
}

TEST_CASE("N in a leaf of the last level makes a page of 64 KiB") {
    const PlainWalk walk = walk_to(0, entry_of(0x8'8888, leaf_flags) | PageTableEntry::napot_bit,
                                   request_of(AccessType::write));

    REQUIRE(walk.walked);
    CHECK(to_text(walk.walked->page.size) == "64KiB");
    CHECK(walk.walked->page.physical_page == PhysicalPageNumber{0x8'8880});
    CHECK(walk.walked->page.physical_address(address) == PhysicalAddress{0x8888'7abc});
}

TEST_CASE("N with any other size than 64 KiB, or in a large page, is a page fault") {
    for (std::uint64_t low = 0; low < 16; ++low) {
        CAPTURE(low);
        const PlainWalk walk = walk_to(0, entry_of(low, leaf_flags) | PageTableEntry::napot_bit,
                                       request_of(AccessType::read));
        CHECK(page_faults_at(walk, 0) == (low != 8));
    }
    for (const unsigned level : {1U, 2U}) {
        for (const std::uint64_t page : {0x0U, 0x8U}) {
            CHECK(page_faults_at(
                walk_to(level, entry_of(page, leaf_flags) | PageTableEntry::napot_bit,
                        request_of(AccessType::read)),
                level));
        }
    }
}

TEST_CASE("with Svpbmt the memory type of a leaf comes with the page") {
    for (const std::uint64_t type : {0U, 1U, 2U}) {
        const PlainWalk walk =
            walk_to(0, entry_of(0x8'8888, leaf_flags) | type << 61U, request_of(AccessType::read));
        REQUIRE(walk.walked);
        CHECK(walk.walked->page.memory_type == type);
        CHECK(walk.walked->page.physical_page == PhysicalPageNumber{0x8'8888});
    }
}

TEST_CASE("G on a leaf or on any pointer above makes the page global") {
    const auto level_of_g = GENERATE(0U, 1U, 2U, 3U);  // 3: nowhere
    PhysicalMemory memory(memory_base, memory_bytes);
    PageTableImage tables(memory, PagingMode::sv39, root);
    tables.map(address, {0x8'8888});
    if (level_of_g < 3) {
        const PhysicalAddress where = tables.entry_address(address, level_of_g);
        tables.write_entry(where, tables.entry_at(where).with_flags(PageFlags::global_bit));
    }

    const PlainWalk walk = walk_plainly({}, request_of(AccessType::read), memory);

    REQUIRE(walk.walked);
    CHECK(walk.walked->page.global == (level_of_g < 3));
    CHECK(walk.walked->page.flags.global() == (level_of_g == 0));
}

TEST_CASE("permission is asked of the leaf, and denial is a page fault at every level") {
    struct Row {
        std::uint64_t flags;
        AccessType type;
        TranslationContext context{};
        bool allowed = false;
    };
    constexpr TranslationContext supervisor{.privilege = Privilege::supervisor};
    constexpr TranslationContext sum{.privilege = Privilege::supervisor,
                                     .supervisor_user_memory = true};
    constexpr TranslationContext mxr{.make_executable_readable = true};
    const auto row = GENERATE_COPY(
        Row{0xd3, AccessType::read, {}, true}, Row{0xd3, AccessType::write},
        Row{0xd3, AccessType::fetch}, Row{0xd7, AccessType::write, {}, true},
        Row{0xd9, AccessType::fetch, {}, true}, Row{0xd9, AccessType::read},
        Row{0xd9, AccessType::read, mxr, true}, Row{0xcf, AccessType::read},
        Row{0xcf, AccessType::read, supervisor, true}, Row{0xdf, AccessType::read, supervisor},
        Row{0xdf, AccessType::read, sum, true}, Row{0xdf, AccessType::fetch, sum},
        Row{0xcf, AccessType::fetch, sum, true});
    const auto level = GENERATE(0U, 1U, 2U);
    TranslationRequest request = request_of(row.type);
    request.context = row.context;
    request.context.root = root;

    const PlainWalk walk = walk_to(level, entry_of(0x8'0000, row.flags), request);

    CAPTURE(row.flags, row.type, level);
    CHECK(walk.walked.has_value() == row.allowed);
    CHECK(page_faults_at(walk, level) == !row.allowed);
}

TEST_CASE("the walker sets A, and D for a write, in one exchange, or faults under Svade") {
    struct Row {
        std::uint64_t flags;
        AccessType type;
        std::uint64_t after;
    };
    const auto row =
        GENERATE(Row{0xdf, AccessType::read, 0xdf}, Row{0xdf, AccessType::write, 0xdf},
                 Row{0x5f, AccessType::read, 0x5f}, Row{0x5f, AccessType::fetch, 0x5f},
                 Row{0x5f, AccessType::write, 0xdf}, Row{0x1f, AccessType::read, 0x5f},
                 Row{0x1f, AccessType::fetch, 0x5f}, Row{0x1f, AccessType::write, 0xdf},
                 Row{0x9f, AccessType::read, 0xdf}, Row{0x9f, AccessType::write, 0xdf});
    const auto level = GENERATE(0U, 1U, 2U);
    CAPTURE(row.flags, row.type, level);
    const std::uint64_t before = entry_of(0x8'0000, row.flags | 0x300);

    SECTION("Svadu") {
        const PlainWalk walk = walk_to(level, before, request_of(row.type));
        REQUIRE(walk.walked);
        CHECK(walk.walked->page.flags.bits == row.after);
        if (row.after == row.flags) {
            CHECK(walk.updates.empty());
            return;
        }
        REQUIRE(walk.updates.size() == 1);
        CHECK(walk.updates[0].address == walk.reads.back().address);
        CHECK(walk.updates[0].level == level);
        CHECK(walk.updates[0].expected.raw == before);
        CHECK(walk.updates[0].desired.raw == entry_of(0x8'0000, row.after | 0x300));
    }
    SECTION("Svade") {
        const PlainWalk walk =
            walk_to(level, before, {.address = address, .type = row.type, .context = svade});
        CHECK(walk.walked.has_value() == (row.after == row.flags));
        CHECK(page_faults_at(walk, level) == (row.after != row.flags));
    }
}

TEST_CASE("A and D are never set for an access that faults") {
    struct Row {
        std::string what;
        unsigned level;
        std::uint64_t entry;
        AccessType type;
    };
    const auto row = GENERATE(
        Row{"a store to a page that is read only", 0, entry_of(0x8'8888, 0x13), AccessType::write},
        Row{"a fetch where X is clear", 0, entry_of(0x8'8888, 0x17), AccessType::fetch},
        Row{"a supervisor's page", 0, entry_of(0x8'8888, 0x0f), AccessType::read},
        Row{"a misaligned large page", 1, entry_of(0x8'8801, 0x1f), AccessType::write},
        Row{"a wrong NAPOT size", 0, entry_of(0x8'8884, 0x1f) | 1ULL << 63U, AccessType::write},
        Row{"a reserved bit", 0, entry_of(0x8'8888, 0x1f) | 1ULL << 54U, AccessType::write});

    CAPTURE(row.what);
    CHECK(page_faults_at(walk_to(row.level, row.entry, request_of(row.type)), row.level));
}

TEST_CASE("an entry that changed under the exchange is read again and judged anew") {
    PageWalk walk({}, request_of(AccessType::write));
    static_cast<void>(walk.start());
    static_cast<void>(walk.entry_read({entry_of(0x8'0101, pointer_flags)}));
    const WalkStep at_leaf = walk.entry_read({entry_of(0x8'0102, pointer_flags)});
    REQUIRE(std::holds_alternative<ReadEntry>(at_leaf));
    const auto leaf = std::get<ReadEntry>(at_leaf);
    REQUIRE(std::holds_alternative<UpdateEntry>(walk.entry_read({entry_of(0x8'8888, 0x1f)})));

    const WalkStep again = walk.entry_updated(false);

    REQUIRE(std::holds_alternative<ReadEntry>(again));
    CHECK(std::get<ReadEntry>(again).address == leaf.address);
    CHECK(std::get<ReadEntry>(again).level == 0);

    SECTION("it is gone") {
        const WalkStep end = walk.entry_read({0});
        REQUIRE(std::holds_alternative<WalkFault>(end));
        CHECK(std::get<WalkFault>(end).cause == FaultCause::page_fault);
    }
    SECTION("it is another page, and D was set by somebody else") {
        const WalkStep end = walk.entry_read({entry_of(0x8'9999, 0xdf)});
        REQUIRE(std::holds_alternative<Walked>(end));
        CHECK(std::get<Walked>(end).page.physical_page == PhysicalPageNumber{0x8'9999});
    }
    SECTION("it is another page, still to be updated") {
        const WalkStep update = walk.entry_read({entry_of(0x8'9999, 0x5f)});
        REQUIRE(std::holds_alternative<UpdateEntry>(update));
        CHECK(std::get<UpdateEntry>(update).expected.raw == entry_of(0x8'9999, 0x5f));
        const WalkStep end = walk.entry_updated(true);
        REQUIRE(std::holds_alternative<Walked>(end));
        CHECK(std::get<Walked>(end).page.physical_page == PhysicalPageNumber{0x8'9999});
        CHECK(std::get<Walked>(end).page.flags == PageFlags{0xdf});
    }
}

TEST_CASE("an address that is not canonical faults before anything is read") {
    const auto where = GENERATE(as<std::uint64_t>{}, 0x40'0000'0000, 0xffff'ffbf'ffff'ffff,
                                0x8000'0000'0000'0000, 0x0100'0000'0000'0000);
    PageWalk walk({}, request_of(AccessType::read, {where}));

    const WalkStep step = walk.start();

    REQUIRE(std::holds_alternative<WalkFault>(step));
    CHECK(std::get<WalkFault>(step).cause == FaultCause::page_fault);
}

TEST_CASE("a fault says what was found wrong, the form of the entry before its rights") {
    struct Row {
        std::string what;
        std::uint64_t entry;
        WalkFaultReason reason;
        TranslationContext context{.root = root};
    };
    const std::vector<Row> rows{
        {"all zero", 0, WalkFaultReason::not_valid},
        {"all but V", entry_of(0x8'0000, leaf_flags & ~1U), WalkFaultReason::not_valid},
        {"W without R", entry_of(0x8'0000, 0xd5), WalkFaultReason::malformed},
        {"a pointer with A", entry_of(0x8'0102, 0x41), WalkFaultReason::malformed},
        {"a pointer", entry_of(0x8'0102, 0x01), WalkFaultReason::pointer_at_last_level},
        {"no W", entry_of(0x8'0000, 0xdb), WalkFaultReason::not_permitted},
        {"no W, and a reserved bit", entry_of(0x8'0000, 0xdb) | 1ULL << 54U,
         WalkFaultReason::malformed},
        {"no U", entry_of(0x8'0000, 0xcf), WalkFaultReason::not_permitted},
        {"D clear under Svade", entry_of(0x8'0000, 0x5f), WalkFaultReason::accessed_or_dirty_clear,
         svade},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        const PlainWalk walk = walk_to(
            0, row.entry, {.address = address, .type = AccessType::write, .context = row.context});
        REQUIRE(walk.fault);
        CHECK(walk.fault->reason == row.reason);
    }
    PageWalk outside({}, request_of(AccessType::read, {0x40'0000'0000}));
    CHECK(std::get<WalkFault>(outside.start()).reason == WalkFaultReason::not_canonical);
    CHECK(std::get<WalkFault>(outside.memory_failed()).reason == WalkFaultReason::no_memory);
}

TEST_CASE("an entry outside memory is an access fault at its level") {
    const auto level = GENERATE(0U, 1U, 2U);
    PhysicalMemory memory(memory_base, memory_bytes);
    PageTableImage tables(memory, PagingMode::sv39, root);
    TranslationRequest request = request_of(AccessType::read);
    if (level == 2) {
        request.context.root = {0x1};
    } else {
        tables.map(address, {0x8'8888});
        tables.write_entry(tables.entry_address(address, level + 1),
                           {entry_of(0xfff'ffff'ffff, pointer_flags)});
    }

    const PlainWalk walk = walk_plainly({}, request, memory);

    REQUIRE(walk.fault);
    CHECK(walk.fault->cause == FaultCause::access_fault);
    CHECK(walk.fault->level == level);
    CHECK(walk.reads.size() == 3 - level);
}

TEST_CASE("an update that memory refuses is an access fault") {
    PageWalk walk({}, request_of(AccessType::read));
    static_cast<void>(walk.start());
    REQUIRE(std::holds_alternative<UpdateEntry>(walk.entry_read({entry_of(0xc'0000, 0x1f)})));

    const WalkStep end = walk.memory_failed();

    REQUIRE(std::holds_alternative<WalkFault>(end));
    CHECK(std::get<WalkFault>(end).cause == FaultCause::access_fault);
    CHECK(std::get<WalkFault>(end).level == 2);
}

TEST_CASE("a leaf may name a page outside memory: the walk does not touch it") {
    const PlainWalk walk =
        walk_to(0, entry_of(0xfff'ffff'ffff, leaf_flags), request_of(AccessType::read));

    REQUIRE(walk.walked);
    CHECK(walk.walked->page.physical_address(address) == PhysicalAddress{0xff'ffff'ffff'fabc});
}

}  // namespace
}  // namespace mmusim::hw::page_walk_test
