// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/obstacles.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace mmusim::sw::obstacles_test {

namespace {

constexpr unsigned order = 9;
constexpr std::uint64_t frames_per_block = 512;
constexpr FrameRange ten_blocks{.first = {0x8'0000}, .count = 10 * frames_per_block};

// Which blocks of the range, counted from 0, cannot be had as a whole.
std::vector<std::uint64_t> broken_blocks(const FrameAllocator& allocator) {
    std::vector<std::uint64_t> broken;
    for (std::uint64_t block = 0; block < 10; ++block) {
        const PhysicalPageNumber first = ten_blocks.first + block * frames_per_block;
        if (allocator.free_frames_of(first, order) < frames_per_block) {
            broken.push_back(block);
        }
    }
    return broken;
}

}  // namespace

TEST_CASE("so many blocks in a hundred are broken, rounded down and evenly spread") {
    struct Row {
        std::uint64_t percent;
        std::vector<std::uint64_t> broken;
    };
    const std::vector<Row> rows{
        {0, {}},
        {9, {}},
        {10, {9}},
        {25, {3, 7}},
        {50, {1, 3, 5, 7, 9}},
        {90, {1, 2, 3, 4, 5, 6, 7, 8, 9}},
        {100, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.percent);
        FrameAllocator allocator(ten_blocks, 0);
        const Obstacles obstacles(allocator, order, row.percent, false);
        CHECK(broken_blocks(allocator) == row.broken);
        CHECK(obstacles.frames().size() == row.broken.size());
        CHECK(allocator.statistics().total == ten_blocks.count - row.broken.size());
        CHECK(allocator.statistics().free == allocator.statistics().total);
    }
}

TEST_CASE("only blocks that are whole and free count") {
    const FrameRange range{.first = ten_blocks.first + 1, .count = ten_blocks.count - 2};
    FrameAllocator allocator(range, 0);
    REQUIRE(allocator.take_free_of(ten_blocks.first + 5 * frames_per_block, order,
                                   FrameUse::anonymous) == frames_per_block);
    const Obstacles obstacles(allocator, order, 100, false);
    CHECK(obstacles.frames().size() == 7);  // 1 to 4 and 6 to 8
}

TEST_CASE("an obstacle that has moved is where it went") {
    FrameAllocator allocator(ten_blocks, 0);
    Obstacles obstacles(allocator, order, 10, true);
    const PhysicalPageNumber from = *obstacles.frames().begin();
    CHECK(from == ten_blocks.first + (10 * frames_per_block - 1));
    obstacles.move(from, ten_blocks.first);
    CHECK(obstacles.frames() == std::set<PhysicalPageNumber>{ten_blocks.first});
}

}  // namespace mmusim::sw::obstacles_test
