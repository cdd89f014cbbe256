// SPDX-License-Identifier: Apache-2.0
#include "hw/base/problems.hpp"
#include "sw/hugetlb/huge_page_pools.hpp"
#include "tests/support/input_error.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace mmusim::sw::huge_page_pool_test {

namespace {

using namespace mmusim::literals;

constexpr PageSize size_2mib{21};
constexpr PageSize size_4mib{22};
constexpr PageSize size_1gib{30};
constexpr PhysicalPageNumber first_frame{0x8'0000};

FrameAllocator allocator_of(std::uint64_t bytes) {
    return {{.first = first_frame, .count = bytes / page_bytes}, 0};
}

const hw::PagingFormat& sv39 = hw::format_of(hw::PagingMode::sv39);

}  // namespace

TEST_CASE("what is promised is kept for those to whom it was") {
    HugePagePool pool(std::vector<PhysicalPageNumber>{{512}, {1024}, {1536}});
    REQUIRE(pool.promise(2));
    CHECK_FALSE(pool.promise(2));
    CHECK(pool.take() == PhysicalPageNumber{512});
    CHECK(pool.take() == std::nullopt);
    CHECK(pool.take_promised() == PhysicalPageNumber{1024});
    CHECK(pool.free() == 1);
    CHECK(pool.promised() == 1);

    pool.forgo(1);
    CHECK(pool.take() == PhysicalPageNumber{1536});
    pool.give_back({1024});
    CHECK(pool.free() == 1);
    CHECK(pool.total() == 3);
    CHECK(pool.promise(1));
}

TEST_CASE("nobody forgoes more than was promised") {
    HugePagePool pool(std::vector<PhysicalPageNumber>{{512}});
    CHECK_THROWS_AS(pool.forgo(1), ModelError);
    CHECK_THROWS_AS(pool.take_promised(), ModelError);
}

TEST_CASE("explicit huge pages are of the sizes of the format, up to 1 GiB") {
    const auto sizes = [](hw::PagingMode mode) { return huge_page_sizes(hw::format_of(mode)); };
    CHECK(sizes(hw::PagingMode::sv32) == std::vector<PageSize>{size_4mib});
    CHECK(sizes(hw::PagingMode::sv39) == std::vector<PageSize>{size_2mib, size_1gib});
    CHECK(sizes(hw::PagingMode::sv57) == std::vector<PageSize>{size_2mib, size_1gib});
}

TEST_CASE("the pools take their frames out of memory's figures") {
    FrameAllocator allocator = allocator_of(4_GiB);
    HugePagePools pools({.pages_2mib = 3, .pages_1gib = 2}, sv39, allocator);

    CHECK(pools.level_of(size_2mib) == 1);
    CHECK(pools.level_of(size_1gib) == 2);
    CHECK(pools.level_of(size_4mib) == std::nullopt);
    constexpr std::uint64_t frames = (2_GiB + 6_MiB) / page_bytes;
    CHECK(allocator.statistics().total == 4_GiB / page_bytes - frames);
    CHECK(pools.statistics().total == frames);
    CHECK(pools.statistics().free == frames);
    CHECK(pools[2].take() == first_frame);
    REQUIRE(pools[1].promise(2));
    CHECK(pools.statistics().free == frames - 1_GiB / page_bytes);
    CHECK(pools.statistics().reserved == 4_MiB / page_bytes);
}

TEST_CASE("pools that memory has no room for are refused") {
    FrameAllocator allocator = allocator_of(2_GiB + 512_MiB);
    CHECK(tests::input_error_of([&] {
              const HugePagePools pools({.pages_1gib = 3}, sv39, allocator);
          }) == "os.hugetlb: memory has room for 2 huge pages of 1GiB, expected room for 3");
}

}  // namespace mmusim::sw::huge_page_pool_test
