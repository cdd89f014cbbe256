// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/walk_cache.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

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

}  // namespace
}  // namespace mmusim::hw::walk_cache_test
