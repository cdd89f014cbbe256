// SPDX-License-Identifier: Apache-2.0
#include "tb/check/frame_contents.hpp"

#include "tests/tb/check/printing.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::frame_contents_test {

namespace {

constexpr PhysicalPageNumber frame_5{5};
constexpr PhysicalPageNumber frame_6{6};
constexpr StoragePage file_page{.medium = Medium::files, .page = 9};
constexpr StoragePage slot{.medium = Medium::swap, .page = 9};

constexpr PhysicalAddress word_of(PhysicalPageNumber frame, unsigned word) {
    return frame.address() + word * word_bytes;
}

}  // namespace

TEST_CASE("a frame holds zeros until it is stored to", "[contents]") {
    FrameContents frames;
    CHECK(frames.load(word_of(frame_5, 0)) == WordValue{});

    frames.store(word_of(frame_5, 1) + 4, 8, stored_by(1));
    CHECK(frames.load(word_of(frame_5, 0)) == WordValue{});
    CHECK(frames.load(word_of(frame_5, 1)) == stored_by(1));
    CHECK(frames.load(word_of(frame_5, 2) + 7) == stored_by(1));
    CHECK(frames.load(word_of(frame_5, 3)) == WordValue{});
    CHECK(frames.load(word_of(frame_6, 1)) == WordValue{});

    frames.clear_frame(frame_5);
    CHECK(frames.load(word_of(frame_5, 1)) == WordValue{});
}

TEST_CASE("a copy of a frame goes its own way", "[contents]") {
    FrameContents frames;
    frames.store(word_of(frame_5, 1), 8, stored_by(1));
    frames.store(word_of(frame_6, 2), 8, stored_by(2));
    frames.copy_frame(frame_5, frame_6);
    CHECK(frames.load(word_of(frame_6, 1)) == stored_by(1));
    CHECK(frames.load(word_of(frame_6, 2)) == WordValue{});

    frames.store(word_of(frame_5, 1), 8, stored_by(3));
    frames.store(word_of(frame_6, 0), 8, stored_by(4));
    CHECK(frames.load(word_of(frame_6, 1)) == stored_by(1));
    CHECK(frames.load(word_of(frame_5, 0)) == WordValue{});
}

TEST_CASE("a frame that was never stored to can be copied and written", "[contents]") {
    FrameContents frames;
    frames.store(word_of(frame_6, 1), 8, stored_by(1));
    frames.copy_frame(frame_5, frame_6);
    CHECK(frames.load(word_of(frame_6, 1)) == WordValue{});

    frames.write_to_storage(frame_5, slot);
    frames.store(word_of(frame_5, 1), 8, stored_by(2));
    frames.read_from_storage(slot, frame_6);
    CHECK(frames.load(word_of(frame_6, 1)) == WordValue{});
}

TEST_CASE("a page of storage has its own contents until it is written", "[contents]") {
    FrameContents frames;
    frames.read_from_storage(file_page, frame_5);
    CHECK(frames.load(word_of(frame_5, 7)) == initial_value(file_page, 7));

    frames.store(word_of(frame_5, 7), 8, stored_by(1));
    frames.read_from_storage(file_page, frame_6);
    CHECK(frames.load(word_of(frame_6, 7)) == initial_value(file_page, 7));

    frames.write_to_storage(frame_5, file_page);
    frames.read_from_storage(file_page, frame_6);
    CHECK(frames.load(word_of(frame_6, 7)) == stored_by(1));
    CHECK(frames.load(word_of(frame_6, 8)) == initial_value(file_page, 8));
}

TEST_CASE("files and swap are two storages", "[contents]") {
    FrameContents frames;
    frames.store(word_of(frame_5, 0), 8, stored_by(1));
    frames.write_to_storage(frame_5, slot);
    frames.read_from_storage(file_page, frame_6);
    CHECK(frames.load(word_of(frame_6, 0)) == initial_value(file_page, 0));
    frames.read_from_storage(slot, frame_6);
    CHECK(frames.load(word_of(frame_6, 0)) == stored_by(1));
}

TEST_CASE("behind the bytes that are valid a frame gets zeros, and storage is not changed by that",
          "[contents]") {
    FrameContents frames;
    frames.store(word_of(frame_5, 100), 8, stored_by(1));
    frames.write_to_storage(frame_5, file_page);

    frames.read_from_storage(file_page, frame_6, 100 * word_bytes);
    CHECK(frames.load(word_of(frame_6, 100)) == WordValue{});
    frames.read_from_storage(file_page, frame_6, 100 * word_bytes + 1);
    CHECK(frames.load(word_of(frame_6, 100)) == stored_by(1));
    frames.read_from_storage(file_page, frame_6);
    CHECK(frames.load(word_of(frame_6, 100)) == stored_by(1));
}

TEST_CASE("a frame can tell where its contents come from", "[contents]") {
    FrameContents frames;
    CHECK(frames.history(frame_6).empty());
    frames.clear_frame(frame_5);
    frames.store(word_of(frame_5, 0), 8, stored_by(7));
    frames.write_to_storage(frame_5, slot);
    frames.store(word_of(frame_5, 0), 8, stored_by(8));
    frames.read_from_storage(slot, frame_6);
    frames.copy_frame(frame_6, {0x10});

    CHECK(frames.history(frame_5) ==
          std::vector<std::string>{"frame 0x5 cleared before any access stored",
                                   "frame 0x5 written to page 9 of swap after access 7",
                                   "page 9 of swap written from frame 0x5 after access 7",
                                   "page 9 of swap read to frame 0x6 after access 8"});
    CHECK(frames.history({0x10}) ==
          std::vector<std::string>{"frame 0x6 copied to frame 0x10 after access 8",
                                   "page 9 of swap written from frame 0x5 after access 7",
                                   "page 9 of swap read to frame 0x6 after access 8"});
}

TEST_CASE("of a long history the end is told", "[contents]") {
    FrameContents frames;
    for (std::uint64_t access = 0; access < 100; ++access) {
        frames.store(word_of(frame_5, 0), 8, stored_by(access));
        frames.clear_frame(frame_5);
    }
    CHECK(frames.history(frame_5).size() == 8);
    CHECK(frames.history(frame_5).front() == "frame 0x5 cleared after access 92");
    CHECK(frames.history(frame_5).back() == "frame 0x5 cleared after access 99");
}

}  // namespace mmusim::tb::frame_contents_test
