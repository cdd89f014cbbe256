// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/story_words.hpp"

#include "sw/spaces/page_state.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tests::story_words_test {

using hw::PageFlags;
using hw::PageTableEntry;
using tb::AddressLook;
using tb::SeenEntry;

namespace {

constexpr hw::PagingParameters sv39{};
constexpr std::uint8_t pointer_bits = PageFlags::valid_bit;
constexpr std::uint8_t page_bits =
    PageFlags::valid_bit | PageFlags::read_bit | PageFlags::user_bit | PageFlags::accessed_bit;

PageTableEntry entry(std::uint64_t page, std::uint8_t flags) {
    return PageTableEntry::make({page}, PageFlags{flags});
}

AddressLook look(const std::optional<sw::Region>& region, PageTableEntry last) {
    return {.region = region,
            .walk = {.entries = {{.level = 2, .entry = entry(1, pointer_bits)},
                                 {.level = 1, .entry = entry(2, pointer_bits)},
                                 {.level = 0, .entry = last}}}};
}

constexpr sw::Region writable{
    .start = {0x4000'0000}, .end = {0x4000'4000}, .rights = {.read = true, .write = true}};

}  // namespace

TEST_CASE("an address falls into the parts of its format") {
    const VirtualAddress address{0x4060'3234};
    CHECK(tb::parts_of(address, {}) == "VPN[2] 1, VPN[1] 3, VPN[0] 3, offset 0x234");
    CHECK(tb::parts_of(address, {.mode = hw::PagingMode::sv32}) ==
          "VPN[1] 257, VPN[0] 515, offset 0x234");
    CHECK(tb::parts_of(address, {.mode = hw::PagingMode::sv48}) ==
          "VPN[3] 0, VPN[2] 1, VPN[1] 3, VPN[0] 3, offset 0x234");
}

TEST_CASE("a region is told by its rights and by what is behind it") {
    CHECK(tb::rights_in_words(writable) == "rw-p");
    CHECK(tb::backing_in_words({0x4000'1010}, writable, "", sv39) == "anonymous memory");
    CHECK(tb::backing_in_words({0x4000'1010}, writable, "[heap]", sv39) ==
          "anonymous memory, [heap]");
    sw::Region mapped = writable;
    mapped.object = sw::ObjectId{0};
    mapped.object_page = 3;
    mapped.sharing = sw::Sharing::shared;
    CHECK(tb::rights_in_words(mapped) == "rw-s");
    CHECK(tb::backing_in_words({0x4000'1010}, mapped, "data", sv39) == "page 4 of data");
    sw::Region huge = writable;
    huge.leaf_level = 1;
    CHECK(tb::backing_in_words({0x4000'1010}, huge, "/anon_hugepage (deleted)", sv39) ==
          "explicit huge pages of 2MiB");
}

TEST_CASE("of an entry without V the operating system's own meaning is told") {
    const auto words = [](PageTableEntry raw) {
        return tb::entry_in_words({.level = 0, .entry = raw}, sv39);
    };
    CHECK(words(entry(5, page_bits)) == "4KiB page at 0x5000");
    CHECK(words(sw::swap_entry({.slot = {7}, .exclusive = true})) == "not valid: in swap, slot 7");
    CHECK(words(entry(5, PageFlags::global_bit | PageFlags::read_bit)) ==
          "not valid: hidden, the region has no rights; frame 0x5000");
    CHECK(words({}) == "not valid: nothing is here");
    CHECK(tb::entry_in_words({.level = 0}, sv39) == "no memory there");
}

TEST_CASE("the difference of two looks is what an onlooker wants to know") {
    const AddressLook before = look(writable, entry(5, page_bits));
    CHECK(tb::difference_in_words(std::nullopt, std::nullopt, sv39).empty());
    CHECK(tb::difference_in_words(std::nullopt, before, sv39) ==
          "its region is 0x40000000-0x40004000 rw-p");
    CHECK(tb::difference_in_words(before, std::nullopt, sv39) == "the process has exited");

    SECTION("nothing, where only A and D have been set") {
        CHECK(tb::difference_in_words(
                  before, look(writable, entry(5, page_bits | PageFlags::dirty_bit)), sv39)
                  .empty());
    }
    SECTION("nothing, where only tables have come that lead to nothing") {
        AddressLook no_table = look(writable, {});
        no_table.walk.entries.resize(2);
        no_table.walk.entries.back().entry = PageTableEntry{};
        CHECK(tb::difference_in_words(no_table, look(writable, {}), sv39).empty());
    }
    SECTION("the entry") {
        CHECK(tb::difference_in_words(before, look(writable, {}), sv39) ==
              "its entry of level 0 is --------, not valid: nothing is here");
        CHECK(tb::difference_in_words(
                  before, look(writable, entry(5, page_bits | PageFlags::write_bit)), sv39) ==
              "its entry of level 0 is VRW-U-A-, 4KiB page at 0x5000");
    }
    SECTION("the region, and that alone, where its rights change before the entry does") {
        sw::Region read_only = writable;
        read_only.rights.write = false;
        CHECK(tb::difference_in_words(before, look(read_only, entry(5, page_bits)), sv39) ==
              "its region is 0x40000000-0x40004000 r--p");
    }
    SECTION("both") {
        CHECK(tb::difference_in_words(before, look(std::nullopt, {}), sv39) ==
              "its region is gone; its entry of level 0 is --------, not valid: nothing is here");
    }
    SECTION("a region that has grown is still the same") {
        sw::Region longer = writable;
        longer.end = {0x4000'8000};
        CHECK(tb::difference_in_words(before, look(longer, entry(5, page_bits)), sv39).empty());
    }
}

TEST_CASE("a fault is told by its kind, its class and its time") {
    tb::FaultStory fault{.at = {100},
                         .until = {1'600},
                         .address = {0x4000'0010},
                         .type = AccessType::write,
                         .outcome = {.kind = sw::FaultKind::cow_copy}};
    CHECK(tb::fault_in_words(fault) == "cow_copy (minor) for a write of 0x40000010, 1,500 cycles");
    fault.outcome = {.kind = sw::FaultKind::protection, .signal = sw::Signal::segv_accerr};
    CHECK(tb::fault_in_words(fault) ==
          "protection (invalid) for a write of 0x40000010, 1,500 cycles, SIGSEGV ACCERR");
}

TEST_CASE("stages that took no time are not told") {
    LatencyRecord cycles;
    cycles.add(Stage::pte_read, {60});
    cycles.add(Stage::first_tlb_lookup, {2});
    CHECK(tb::stages_in_words(cycles) == "first_tlb_lookup 2, pte_read 60");
    CHECK(tb::stages_in_words({}).empty());
}

}  // namespace mmusim::tests::story_words_test
