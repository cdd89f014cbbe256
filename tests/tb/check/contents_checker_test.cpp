// SPDX-License-Identifier: Apache-2.0
#include "tb/check/contents_checker.hpp"

#include "tb/check/translation_checker.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::contents_checker_test {

using Catch::Matchers::Contains;

namespace {

constexpr sw::ProcessId process_2{2};
constexpr VirtualAddress page{0x1'0000};
constexpr PhysicalPageNumber frame_5{5};
constexpr PhysicalPageNumber frame_6{6};

// Process 2 has private zeros in pages 0x10 and 0x11.
class Bench {
  public:
    Bench() {
        checker.programs().make_process(process_2);
        checker.programs().map(process_2, {.start = page, .end = {0x1'2000}, .rights = {}});
        checker.frames().clear_frame(frame_5);
    }

    // An access of 8 bytes in page 0x10, which lies in that frame.
    void access(std::uint64_t number, AccessType type, std::uint64_t page_offset,
                PhysicalPageNumber frame = frame_5) {
        checker.finished({.number = number,
                          .process = process_2,
                          .virtual_address = page + page_offset,
                          .physical_address = frame.address() + page_offset,
                          .type = type,
                          .bytes = 8});
    }

    ContentsChecker checker;
};

}  // namespace

TEST_CASE("loads that find what was stored are counted", "[contents]") {
    Bench bench;
    bench.access(1, AccessType::read, 0);
    bench.access(2, AccessType::write, 4);
    bench.access(3, AccessType::read, 0);
    bench.access(4, AccessType::fetch, 8);
    bench.checker.frames().copy_frame(frame_5, frame_6);
    bench.access(5, AccessType::read, 4, frame_6);

    CHECK(bench.checker.checked() == 5);
}

TEST_CASE("a load that finds something else is told with all that is known", "[contents]") {
    Bench bench;
    constexpr StoragePage slot{.medium = Medium::swap, .page = 7};
    bench.access(2, AccessType::write, 8);
    bench.checker.frames().write_to_storage(frame_5, slot);
    bench.access(3, AccessType::write, 8);
    bench.checker.frames().read_from_storage(slot, frame_6);

    CHECK_THROWS_AS(bench.access(4, AccessType::read, 12, frame_6), CheckFailure);
    CHECK_THROWS_WITH(
        bench.access(4, AccessType::read, 4, frame_6),
        "check: access 4, read of 8 bytes at 0x10004 by process 2, at 0x6004: the word at 0x10008 "
        "holds what access 2 stored, expected what access 3 stored\n"
        "  frame 0x6 read from page 7 of swap after access 3\n"
        "  page 7 of swap written from frame 0x5 after access 2\n"
        "  page 7 of swap read to frame 0x6 after access 3\n"
        "  process 2: mapped private before any access stored");
    CHECK(bench.checker.checked() == 2);
}

TEST_CASE("each word of a load is checked", "[contents]") {
    Bench bench;
    bench.access(1, AccessType::write, 16, frame_6);
    CHECK_NOTHROW(bench.access(2, AccessType::read, 0));
    CHECK_THROWS_AS(bench.access(2, AccessType::read, 9), CheckFailure);
    CHECK_THROWS_AS(bench.access(2, AccessType::fetch, 16), CheckFailure);
    CHECK_THROWS_AS(bench.access(2, AccessType::read, 23), CheckFailure);
    CHECK_NOTHROW(bench.access(2, AccessType::read, 24));
}

TEST_CASE("where several values are right, all are named", "[contents]") {
    Bench bench;
    bench.access(1, AccessType::write, 0);
    bench.access(2, AccessType::write, 0);
    bench.checker.programs().free(process_2, {.start = page, .end = page + page_bytes});
    bench.checker.frames().store(frame_5.address(), 8, stored_by(1));
    CHECK_THROWS_WITH(
        bench.access(3, AccessType::read, 0),
        Contains("holds what access 1 stored, expected what access 2 stored or zero"));
    bench.checker.frames().clear_frame(frame_5);
    CHECK_NOTHROW(bench.access(4, AccessType::read, 0));
}

TEST_CASE("an access where the program has no memory is a failure", "[contents]") {
    Bench bench;
    bench.checker.programs().unmap(process_2, {.start = page, .end = page + page_bytes});
    CHECK_THROWS_WITH(bench.access(1, AccessType::read, 0),
                      Contains("by process 2, at 0x5000: the process has no memory there"));
    CHECK_THROWS_AS(bench.access(1, AccessType::write, 0), CheckFailure);
}

TEST_CASE("an access that ends elsewhere in the page is a failure", "[contents]") {
    Bench bench;
    CHECK_THROWS_WITH(bench.checker.finished({.number = 1,
                                              .process = process_2,
                                              .virtual_address = page + 8,
                                              .physical_address = frame_5.address() + 16}),
                      Contains("the two addresses differ inside the page"));
}

}  // namespace mmusim::tb::contents_checker_test
