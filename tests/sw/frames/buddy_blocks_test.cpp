// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/buddy_blocks.hpp"

#include "hw/base/problems.hpp"
#include "hw/base/random.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace mmusim::sw::buddy_blocks_test {
namespace {

// The orders of the free blocks, from 0 up, without the empty ones at the end.
std::vector<std::uint64_t> blocks_of(const BuddyBlocks& blocks) {
    std::vector<std::uint64_t> counts = blocks.free_blocks();
    while (!counts.empty() && counts.back() == 0) {
        counts.pop_back();
    }
    return counts;
}

using Counts = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a range is cut into the largest blocks that are aligned") {
    CHECK(blocks_of(BuddyBlocks({{16}, 16})) == Counts{0, 0, 0, 0, 1});
    CHECK(blocks_of(BuddyBlocks({{1}, 16})) == Counts{2, 1, 1, 1});  // 1, 2-3, 4-7, 8-15, 16
    CHECK(blocks_of(BuddyBlocks({{7}, 0})) == Counts{});
    CHECK(BuddyBlocks({{1}, 16}).free_frames() == 16);
}

TEST_CASE("the smallest block that is large enough is split, its lowest part goes") {
    BuddyBlocks blocks({{1}, 16});
    CHECK(blocks.take(1) == PhysicalPageNumber{2});
    CHECK(blocks.take(1) == PhysicalPageNumber{4});  // of 4-7
    CHECK(blocks.take(0) == PhysicalPageNumber{1});
    CHECK(blocks.take(0) == PhysicalPageNumber{6});  // of 6-7
    CHECK(blocks.take(3) == PhysicalPageNumber{8});
    CHECK(blocks.take(1) == std::nullopt);
    CHECK(blocks.free_frames() == 2);
    CHECK(blocks.take(0) == PhysicalPageNumber{7});
    CHECK(blocks.take(0) == PhysicalPageNumber{16});
    CHECK(blocks.take(0) == std::nullopt);
}

TEST_CASE("two free halves are one block again, also when a block comes back in parts") {
    BuddyBlocks blocks({{16}, 16});
    REQUIRE(blocks.take(4) == PhysicalPageNumber{16});
    blocks.give_back({20}, 2);
    CHECK(blocks_of(blocks) == Counts{0, 0, 1});
    blocks.give_back({17}, 0);
    blocks.give_back({18}, 1);
    CHECK(blocks_of(blocks) == Counts{1, 1, 1});
    blocks.give_back({16}, 0);
    CHECK(blocks_of(blocks) == Counts{0, 0, 0, 1});
    blocks.give_back({24}, 3);
    CHECK(blocks_of(blocks) == Counts{0, 0, 0, 0, 1});
    CHECK(blocks.free_frames() == 16);
}

TEST_CASE("what is free of a block can be taken, whatever else is out") {
    BuddyBlocks blocks({{16}, 48});
    REQUIRE(blocks.take(1) == PhysicalPageNumber{16});
    CHECK(blocks.free_frames_of({16}, 3) == 6);
    CHECK(blocks.take_free_of({16}, 3) == 6);  // 18-19 and 20-23
    CHECK(blocks.free_frames_of({16}, 3) == 0);
    CHECK(blocks_of(blocks) == Counts{0, 0, 0, 1, 0, 1});
    CHECK(blocks.take_free_of({21}, 0) == 0);
    CHECK(blocks.free_frames() == 40);

    SECTION("it comes back in parts") {
        blocks.give_back({20}, 2);
        CHECK(blocks.free_frames_of({16}, 3) == 4);
        blocks.give_back({18}, 1);
        blocks.give_back({16}, 1);
        CHECK(blocks_of(blocks) == Counts{0, 0, 0, 0, 1, 1});
    }
    SECTION("a part of a larger block leaves the rest of it free") {
        CHECK(blocks.take_free_of({45}, 0) == 1);
        CHECK(blocks_of(blocks) ==
              Counts{1, 1, 1, 2, 1});  // 44, 46-47, 40-43, 24-31 and 32-39, 48-63
        blocks.give_back({45}, 0);
        CHECK(blocks_of(blocks) == Counts{0, 0, 0, 1, 0, 1});
    }
}

TEST_CASE("of a block that lies partly in the range, that part can be free") {
    const BuddyBlocks low({{3}, 10});
    CHECK(low.free_frames_of({0}, 2) == 1);
    CHECK(low.free_frames_of({12}, 2) == 1);
    CHECK(low.free_frames_of({4}, 2) == 4);
    CHECK(low.free_frames_of({16}, 2) == 0);
}

TEST_CASE("what is no block of the range is refused") {
    BuddyBlocks blocks({{16}, 16});
    CHECK_THROWS_AS(blocks.give_back({15}, 0), ModelError);
    CHECK_THROWS_AS(blocks.give_back({32}, 0), ModelError);
    CHECK_THROWS_AS(blocks.give_back({18}, 2), ModelError);
    CHECK_THROWS_AS(blocks.give_back({16}, 5), ModelError);
}

TEST_CASE("at random no frame is out twice, and all that came back is as at the start") {
    constexpr FrameRange range{{3}, 1000};
    Random random(1);
    BuddyBlocks blocks(range);
    const Counts at_the_start = blocks.free_blocks();
    std::vector<bool> out(2000);
    std::vector<std::pair<PhysicalPageNumber, unsigned>> taken;
    std::uint64_t frames_out = 0;
    for (unsigned step = 0; step < 20'000; ++step) {
        const auto order = static_cast<unsigned>(random.below(7));
        if (random.below(2) == 0 || taken.empty()) {
            const std::optional<PhysicalPageNumber> first = blocks.take(order);
            if (!first) {
                continue;
            }
            REQUIRE(first->value % (std::uint64_t{1} << order) == 0);
            for (std::uint64_t i = 0; i < std::uint64_t{1} << order; ++i) {
                REQUIRE_FALSE(out.at(first->value + i));
                out[first->value + i] = true;
            }
            frames_out += std::uint64_t{1} << order;
            taken.emplace_back(*first, order);
        } else {
            std::swap(taken[random.below(taken.size())], taken.back());
            const auto [first, held] = taken.back();
            taken.pop_back();
            for (std::uint64_t i = 0; i < std::uint64_t{1} << held; ++i) {
                out[first.value + i] = false;
            }
            frames_out -= std::uint64_t{1} << held;
            blocks.give_back(first, held);
        }
        REQUIRE(blocks.free_frames() == range.count - frames_out);
        const std::uint64_t first = random.below(16) * 64;
        std::uint64_t free = 0;
        for (std::uint64_t frame = first; frame < first + 64; ++frame) {
            const bool inside =
                range.first.value <= frame && frame < range.first.value + range.count;
            free += inside && !out[frame] ? 1 : 0;
        }
        REQUIRE(blocks.free_frames_of({first}, 6) == free);
    }
    for (const auto& [first, order] : taken) {
        blocks.give_back(first, order);
    }
    CHECK(blocks.free_blocks() == at_the_start);
}

}  // namespace mmusim::sw::buddy_blocks_test
