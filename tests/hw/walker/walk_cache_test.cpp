// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/walk_cache.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <string>

namespace mmusim::hw::walk_cache_test {
namespace {

constexpr const PagingFormat& sv39 = paging_formats[1];
constexpr PageFlags pointer_flags{PageFlags::valid_bit};

[[nodiscard]] TranslationRequest request(VirtualAddress address, Asid asid = {1}) {
    return {.address = address, .context = {.asid = asid}};
}

[[nodiscard]] PageTableEntry pointer_to(PhysicalPageNumber table) {
    return PageTableEntry::make(table, pointer_flags);
}

// Level 2 spans 1 GiB of addresses per entry, level 1 spans 2 MiB.
constexpr VirtualAddress address{0x1'4020'3000};
constexpr VirtualAddress same_2_mib{0x1'4020'4000};
constexpr VirtualAddress same_1_gib{0x1'4060'0000};
constexpr VirtualAddress elsewhere{0x2'0000'0000};

[[nodiscard]] WalkCache after_one_walk(WalkCacheParameters parameters = {}) {
    parameters.enabled = true;
    WalkCache cache(parameters, sv39, 1);
    cache.pointer_read(request(address), {0x1000}, 2, pointer_to({0x22}), false);
    cache.pointer_read(request(address), {0x2000}, 1, pointer_to({0x11}), true);
    return cache;
}

TEST_CASE("a walk begins at the lowest table that is known") {
    WalkCache cache = after_one_walk();

    const auto near = cache.find_start(request(same_2_mib));
    REQUIRE(near);
    CHECK(near->level == 0);
    CHECK(near->table == PhysicalPageNumber{0x11});
    CHECK(near->global);

    const auto far = cache.find_start(request(same_1_gib));
    REQUIRE(far);
    CHECK(far->level == 1);
    CHECK(far->table == PhysicalPageNumber{0x22});
    CHECK_FALSE(far->global);

    CHECK_FALSE(cache.find_start(request(elsewhere)));
    CHECK(cache.statistics().lookups == 3);
    CHECK(cache.statistics().hits == 2);
    CHECK(cache.statistics().misses == 1);
    CHECK(cache.statistics().hits_by_level == std::array<std::uint64_t, max_levels>{0, 1, 1, 0, 0});
}

TEST_CASE("pointers belong to their address space") {
    WalkCache cache = after_one_walk();
    CHECK_FALSE(cache.find_start(request(address, {2})));
}

TEST_CASE("a fence forgets pointers by address space, and none where it names an address") {
    struct Row {
        Fence fence;
        bool kept = false;
    };
    for (const Row& row :
         {Row{{}, false}, Row{{.asid = Asid{1}}, false}, Row{{.asid = Asid{2}}, true},
          Row{{.address = address}, true}, Row{{.address = address, .asid = Asid{1}}, true}}) {
        WalkCache cache = after_one_walk();
        cache.fence(row.fence);
        CHECK(cache.find_start(request(address)).has_value() == row.kept);
        CHECK(cache.statistics().invalidations == (row.kept ? 0U : 2U));
    }
}

TEST_CASE("a fence concerns pointers of its address space, where nobody knows whose they are all") {
    struct Row {
        Fence fence;
        bool per_level = false;
        bool entries = false;
    };
    const WalkCache per_level = after_one_walk();
    const WalkCache entries = after_one_walk({.kind = WalkCacheKind::entries});
    for (const Row& row :
         {Row{{}, true, true}, Row{{.asid = Asid{1}}, true, true},
          Row{{.asid = Asid{2}}, false, true}, Row{{.address = address}, false, false},
          Row{{.address = address, .asid = Asid{1}}, false, false}}) {
        CHECK(per_level.concerns(row.fence, {1}) == row.per_level);
        CHECK(entries.concerns(row.fence, {1}) == row.entries);
    }
}

TEST_CASE("each level has its own places; the least recently used gives way") {
    WalkCache cache({.enabled = true, .level1 = {.sets = 1, .ways = 2}}, sv39, 1);
    const auto enter = [&](std::uint64_t region) {
        cache.pointer_read(request({region << 21U}), {0x1000}, 1, pointer_to({region}), false);
    };
    const auto known = [&](std::uint64_t region) {
        return cache.find_start(request({region << 21U})).has_value();
    };
    enter(1);
    enter(2);
    CHECK(known(1));
    enter(3);
    CHECK(known(1));
    CHECK_FALSE(known(2));
    CHECK(known(3));
    CHECK(cache.statistics().fills == 3);
    CHECK(cache.statistics().evictions == 1);
}

TEST_CASE("a level without ways keeps nothing") {
    WalkCache cache = after_one_walk({.level1 = {.sets = 1, .ways = 0}});
    const auto start = cache.find_start(request(address));
    REQUIRE(start);
    CHECK(start->level == 1);
}

TEST_CASE("the cache of entries is looked up by physical address, and holds no leaf's level") {
    WalkCache cache = after_one_walk({.kind = WalkCacheKind::entries});

    CHECK(cache.find_entry({0x1000}, 2) == pointer_to({0x22}));
    CHECK(cache.find_entry({0x2000}, 1) == pointer_to({0x11}));
    CHECK_FALSE(cache.find_entry({0x3000}, 1));
    CHECK_FALSE(cache.find_entry({0x2000}, 0));
    CHECK_FALSE(cache.find_start(request(address)));
    CHECK(cache.statistics().lookups == 3);
    CHECK(cache.statistics().hits == 2);

    cache.fence({.address = address});
    CHECK(cache.find_entry({0x1000}, 2));
    cache.fence({.asid = Asid{7}});
    CHECK_FALSE(cache.find_entry({0x1000}, 2));
}

// Tables of three levels, of which only these entries are there.
[[nodiscard]] EntryAccess entries_of(const std::map<std::uint64_t, PageTableEntry>& entries) {
    return {.read = [entries](PhysicalAddress where) -> std::optional<PageTableEntry> {
                const auto found = entries.find(where.value);
                return found == entries.end() ? std::nullopt : std::optional(found->second);
            },
            .write = [](PhysicalAddress, PageTableEntry) { FAIL("nothing is to be written"); }};
}

TEST_CASE("a perfect walk cache knows the table whose entry ends the walk, wherever that is") {
    constexpr PhysicalPageNumber root{0x10};
    constexpr PhysicalPageNumber middle{0x22};
    constexpr PhysicalPageNumber last{0x11};
    const PhysicalAddress first_entry = sv39.entry_address(root, 2, address);
    const PhysicalAddress second_entry = sv39.entry_address(middle, 1, address);
    const PhysicalAddress third_entry = sv39.entry_address(last, 0, address);
    const PageTableEntry nothing{};
    const PageTableEntry leaf = PageTableEntry::make({0x4'0000}, PageFlags{0xdf});
    const PageTableEntry broken = PageTableEntry::make(last, PageFlags{0x81});  // a pointer with D
    const PageTableEntry global = PageTableEntry::make(last, PageFlags{0x21});
    struct Row {
        std::string what;
        std::map<std::uint64_t, PageTableEntry> entries;
        std::optional<unsigned> level;  // where the walk begins; none: at the root
        bool global = false;
    };
    for (const Row& row :
         {Row{"a leaf of each level below",
              {{first_entry.value, pointer_to(middle)},
               {second_entry.value, pointer_to(last)},
               {third_entry.value, leaf}},
              0},
          Row{"an invalid last entry",
              {{first_entry.value, pointer_to(middle)},
               {second_entry.value, pointer_to(last)},
               {third_entry.value, nothing}},
              0},
          Row{"a global pointer",
              {{first_entry.value, pointer_to(middle)},
               {second_entry.value, global},
               {third_entry.value, leaf}},
              0,
              true},
          Row{"a large leaf",
              {{first_entry.value, pointer_to(middle)}, {second_entry.value, leaf}},
              1},
          Row{"a pointer that is none",
              {{first_entry.value, pointer_to(middle)}, {second_entry.value, broken}},
              1},
          Row{"a table where there is no memory", {{first_entry.value, pointer_to(middle)}}, 1},
          Row{"a huge leaf", {{first_entry.value, leaf}}, {}},
          Row{"an empty root", {{first_entry.value, nothing}}, {}}, Row{"no root", {}, {}}}) {
        INFO(row.what);
        WalkCache cache({.enabled = true, .perfect = true}, sv39, 1);
        TranslationRequest asked = request(address);
        asked.context.root = root;
        const auto start = cache.find_last_table({}, asked, entries_of(row.entries));
        CHECK(start.has_value() == row.level.has_value());
        if (start && row.level) {
            CHECK(start->level == *row.level);
            CHECK(start->table == (*row.level == 0 ? last : middle));
            CHECK(start->global == row.global);
        }
        CHECK(cache.statistics().lookups == 1);
        CHECK(cache.statistics().hits == (row.level ? 1U : 0U));
        CHECK(cache.statistics().misses == (row.level ? 0U : 1U));
        CHECK(cache.statistics().hits_by_level.at(row.level.value_or(0) + 1) ==
              (row.level ? 1U : 0U));
    }
}

TEST_CASE("a perfect walk cache keeps nothing of its own, and is looked up by address") {
    WalkCache cache = after_one_walk({.perfect = true, .kind = WalkCacheKind::entries});
    CHECK(cache.kind() == WalkCacheKind::per_level);
    CHECK_FALSE(cache.find_start(request(address)));
    CHECK(cache.statistics().fills == 0);
}

}  // namespace
}  // namespace mmusim::hw::walk_cache_test
