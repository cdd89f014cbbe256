// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/frame_allocator.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>

namespace mmusim::sw::frame_allocator_test {

namespace {

constexpr PhysicalPageNumber first_frame{0x80000};

std::uint64_t sum_of_parts(const FrameStatistics& frames) {
    return frames.free + frames.page_table + frames.anonymous + frames.file;
}

}  // namespace

TEST_CASE("the lowest free frame goes out first") {
    FrameAllocator frames({.first = first_frame, .count = 4}, 0);

    REQUIRE(frames.allocate(FrameUse::anonymous) == first_frame);
    REQUIRE(frames.allocate(FrameUse::page_table) == first_frame + 1);
    REQUIRE(frames.allocate(FrameUse::file) == first_frame + 2);
    frames.release(first_frame + 2, FrameUse::file);
    frames.release(first_frame, FrameUse::anonymous);

    CHECK(frames.allocate(FrameUse::anonymous) == first_frame);
    CHECK(frames.allocate(FrameUse::anonymous) == first_frame + 2);
    CHECK(frames.allocate(FrameUse::anonymous) == first_frame + 3);
    CHECK(frames.allocate(FrameUse::anonymous) == std::nullopt);
}

TEST_CASE("every frame is free or counted under its use") {
    FrameAllocator frames({.first = first_frame, .count = 10}, 0);

    REQUIRE(frames.allocate(FrameUse::page_table));
    REQUIRE(frames.allocate(FrameUse::page_table));
    REQUIRE(frames.allocate(FrameUse::anonymous));
    REQUIRE(frames.allocate(FrameUse::file));
    frames.release(first_frame + 1, FrameUse::page_table);

    const FrameStatistics statistics = frames.statistics();
    CHECK(statistics.total == 10);
    CHECK(statistics.free == 7);
    CHECK(statistics.page_table == 1);
    CHECK(statistics.anonymous == 1);
    CHECK(statistics.file == 1);
    CHECK(sum_of_parts(statistics) == statistics.total);
}

TEST_CASE("a limit on data frames leaves page tables alone") {
    FrameAllocator frames({.first = first_frame, .count = 10}, 2);

    const auto anonymous = frames.allocate(FrameUse::anonymous);
    REQUIRE(anonymous);
    REQUIRE(frames.allocate(FrameUse::file));
    CHECK(frames.allocate(FrameUse::anonymous) == std::nullopt);
    CHECK(frames.allocate(FrameUse::file) == std::nullopt);
    CHECK(frames.allocate(FrameUse::page_table));

    frames.release(*anonymous, FrameUse::anonymous);
    CHECK(frames.allocate(FrameUse::file));
    CHECK(frames.statistics().total == 10);
}

TEST_CASE("page tables are bounded by memory only") {
    FrameAllocator frames({.first = first_frame, .count = 3}, 1);

    CHECK(frames.allocate(FrameUse::page_table));
    CHECK(frames.allocate(FrameUse::page_table));
    CHECK(frames.allocate(FrameUse::page_table));
    CHECK(frames.allocate(FrameUse::page_table) == std::nullopt);
    CHECK(frames.allocate(FrameUse::anonymous) == std::nullopt);
}

TEST_CASE("terabytes of frames are managed without touching them") {
    constexpr std::uint64_t frames_of_16_tib = std::uint64_t{1} << 32U;
    FrameAllocator frames({.first = first_frame, .count = frames_of_16_tib}, 0);

    REQUIRE(frames.allocate(FrameUse::anonymous) == first_frame);
    CHECK(frames.statistics().free == frames_of_16_tib - 1);
}

TEST_CASE("an empty range has no frames") {
    FrameAllocator frames({.first = first_frame, .count = 0}, 0);

    CHECK(frames.allocate(FrameUse::page_table) == std::nullopt);
}

TEST_CASE("frames that the rest of the system has are in no figure") {
    FrameAllocator frames({.first = first_frame, .count = 8}, 0);

    REQUIRE(frames.take_free_of(first_frame + 3, 0, FrameUse::others) == 1);
    CHECK(frames.statistics().total == 7);
    CHECK(sum_of_parts(frames.statistics()) == 7);
    CHECK(frames.allocate(FrameUse::anonymous, 3) == std::nullopt);
    CHECK(frames.free_frames_of(first_frame, 3) == 7);
}

TEST_CASE("a frame that is out for one thing can be out for another") {
    FrameAllocator frames({.first = first_frame, .count = 8}, 0);

    REQUIRE(frames.allocate(FrameUse::file) == first_frame);
    frames.change_use(first_frame, FrameUse::file, FrameUse::anonymous);
    CHECK(frames.statistics().file == 0);
    CHECK(frames.statistics().anonymous == 1);
    CHECK_THROWS_AS(frames.change_use(first_frame, FrameUse::file, FrameUse::anonymous),
                    ModelError);
}

TEST_CASE("there is room for what is free, and may be given out") {
    FrameAllocator limited({.first = first_frame, .count = 8}, 6);

    CHECK(limited.has_room_for(FrameUse::anonymous, 6));
    CHECK_FALSE(limited.has_room_for(FrameUse::anonymous, 7));
    REQUIRE(limited.take_free_of(first_frame, 2, FrameUse::page_table) == 4);
    CHECK(limited.has_room_for(FrameUse::anonymous, 4));
    CHECK_FALSE(limited.has_room_for(FrameUse::anonymous, 5));
}

TEST_CASE("releasing what is not out is a defect of the model") {
    FrameAllocator frames({.first = first_frame, .count = 4}, 0);
    REQUIRE(frames.allocate(FrameUse::anonymous) == first_frame);

    CHECK_THROWS_AS(frames.release(first_frame, FrameUse::page_table), ModelError);
    CHECK_THROWS_AS(frames.release(first_frame + 1, FrameUse::anonymous), ModelError);
    CHECK_THROWS_AS(frames.release({first_frame.value - 1}, FrameUse::anonymous), ModelError);
    frames.release(first_frame, FrameUse::anonymous);
    CHECK_THROWS_AS(frames.release(first_frame, FrameUse::anonymous), ModelError);
}

TEST_CASE("allocations fail on purpose, so many after so many") {
    FrameAllocator frames({.first = first_frame, .count = 10}, 0);
    frames.fail_allocations(1, 2);

    CHECK(frames.allocate(FrameUse::anonymous) == first_frame);
    CHECK(frames.allocate(FrameUse::anonymous) == std::nullopt);
    CHECK(frames.allocate(FrameUse::page_table) == std::nullopt);
    CHECK(frames.allocate(FrameUse::page_table) == first_frame + 1);
    CHECK(frames.allocations_tried() == 4);
    CHECK(frames.statistics().free == 8);

    frames.fail_allocations(0, 0);
    CHECK(frames.allocations_tried() == 0);
    CHECK(frames.allocate(FrameUse::anonymous) == first_frame + 2);
}

}  // namespace mmusim::sw::frame_allocator_test
