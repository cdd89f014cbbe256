// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/memory_count.hpp"

#include <catch2/catch.hpp>

namespace mmusim::sw::memory_count_test {

TEST_CASE("a page counts once as clean or dirty, and as shared or private") {
    MemoryCount count;
    count.add_region(6 * 4096);
    count.add_swapped(4096);
    count.add({.mappings = 1, .dirty = true, .referenced = true});
    count.add({.object = MappedObject::file, .mappings = 1});
    count.add({.object = MappedObject::file, .mappings = 4, .referenced = true, .locked = true});
    count.add({.object = MappedObject::shared_memory, .mappings = 2, .dirty = true});
    count.add({.mappings = 2, .huge = true, .dirty = true});

    CHECK(count.totals() == SmapsStatistics{.size = 24576,
                                            .rss = 20480,
                                            .pss = 4096 + 4096 + 1024 + 2048 + 2048,
                                            .pss_anon = 4096 + 2048,
                                            .pss_file = 4096 + 1024,
                                            .pss_shmem = 2048,
                                            .shared_clean = 4096,
                                            .shared_dirty = 8192,
                                            .private_clean = 4096,
                                            .private_dirty = 4096,
                                            .referenced = 8192,
                                            .anonymous = 8192,
                                            .anon_huge = 4096,
                                            .swap = 4096,
                                            .locked = 1024});
}

// 4096 / 3 is 1365 and a third: as on Linux, what is cut is a part of 1/4096 of a byte a page.
TEST_CASE("thirds of pages add up to what the whole is, but for the last byte") {
    MemoryCount one;
    one.add({.mappings = 3});
    CHECK(one.totals().pss == 1365);

    MemoryCount many;
    for (int page = 0; page < 3000; ++page) {
        many.add({.mappings = 3});
    }
    CHECK(many.totals().pss == 1000 * 4096 - 1);
}

TEST_CASE("counts add up before they are rounded") {
    MemoryCount half;
    half.add_region(8192);
    half.add_swapped(4096);
    half.add({.mappings = 3, .locked = true});
    MemoryCount sum;
    for (int part = 0; part < 3; ++part) {
        sum += half;
    }
    const SmapsStatistics totals = sum.totals();
    CHECK(totals.size == 3 * 8192);
    CHECK(totals.swap == 3 * 4096);
    CHECK(totals.rss == 3 * 4096);
    CHECK(totals.pss == 4095);
    CHECK(totals.pss_anon == 4095);
    CHECK(totals.locked == 4095);
}

}  // namespace mmusim::sw::memory_count_test
