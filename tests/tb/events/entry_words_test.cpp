// SPDX-License-Identifier: Apache-2.0
#include "tb/events/entry_words.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::entry_words_test {

using hw::PageFlags;
using hw::PageTableEntry;

TEST_CASE("flags are letters in the order of their bits, and dashes where they are clear") {
    CHECK(tb::flags_in_words(PageFlags{0x00}) == "--------");
    CHECK(tb::flags_in_words(PageFlags{0x01}) == "V-------");
    CHECK(tb::flags_in_words(PageFlags{0x5b}) == "VR-XU-A-");
    CHECK(tb::flags_in_words(PageFlags{0xff}) == "VRWXUGAD");
}

TEST_CASE("an entry in words says where it leads") {
    struct Row {
        std::uint64_t entry;
        unsigned level;
        hw::PagingMode mode;
        std::string words;
    };
    constexpr std::uint64_t napot = std::uint64_t{1} << 63U;
    constexpr std::uint64_t io = std::uint64_t{2} << 61U;
    const std::vector<Row> rows{
        {0x0, 2, hw::PagingMode::sv39, "not valid"},
        {0xde, 0, hw::PagingMode::sv39, "not valid"},  // but for V, a page
        {0x801, 2, hw::PagingMode::sv39, "leads to table 0x2000"},
        {0x5b, 0, hw::PagingMode::sv39, "4KiB page at 0x0"},
        {0x204800df, 0, hw::PagingMode::sv39, "4KiB page at 0x81200000"},
        {0x204800df, 1, hw::PagingMode::sv39, "2MiB page at 0x81200000"},
        {0x204800df, 1, hw::PagingMode::sv32, "4MiB page at 0x81200000"},
        {0x200000df, 2, hw::PagingMode::sv39, "1GiB page at 0x80000000"},
        {napot | 0x204860df, 0, hw::PagingMode::sv39, "64KiB page at 0x81210000"},
        {io | 0x204800df, 0, hw::PagingMode::sv39, "4KiB page at 0x81200000, I/O"},
    };
    for (const Row& row : rows) {
        INFO(row.words);
        CHECK(tb::in_words(PageTableEntry{row.entry}, row.level, hw::format_of(row.mode)) ==
              row.words);
    }
}

TEST_CASE("a fault in words says which it is, and why") {
    const auto words = [](hw::FaultCause cause, hw::WalkFaultReason reason, AccessType type) {
        return tb::in_words(hw::WalkFault{.cause = cause, .level = 1, .reason = reason}, type);
    };
    using enum hw::WalkFaultReason;
    constexpr auto page_fault = hw::FaultCause::page_fault;
    CHECK(words(page_fault, not_canonical, AccessType::read) ==
          "page fault: the address is not canonical");
    CHECK(words(page_fault, not_valid, AccessType::read) == "page fault: the entry is not valid");
    CHECK(words(page_fault, malformed, AccessType::read) == "page fault: the entry is malformed");
    CHECK(words(page_fault, pointer_at_last_level, AccessType::read) ==
          "page fault: the entry leads on from the last level");
    CHECK(words(page_fault, not_permitted, AccessType::write) ==
          "page fault: the entry does not permit a write");
    CHECK(words(page_fault, accessed_or_dirty_clear, AccessType::write) ==
          "page fault: the entry's A or D is clear");
    CHECK(words(page_fault, accessed_or_dirty_clear, AccessType::fetch) ==
          "page fault: the entry's A is clear");
    CHECK(words(hw::FaultCause::access_fault, no_memory, AccessType::read) ==
          "access fault: there is no memory at the entry");
}

}  // namespace mmusim::tests::entry_words_test
