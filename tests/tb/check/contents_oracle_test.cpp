// SPDX-License-Identifier: Apache-2.0
#include "tb/check/contents_oracle.hpp"

#include "hw/base/problems.hpp"
#include "tests/tb/check/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb::contents_oracle_test {

namespace {

using Values = std::vector<WordValue>;

constexpr WordValue zero{};
constexpr sw::ProcessId parent{0};
constexpr sw::ProcessId child{1};
constexpr sw::ObjectId file{0};
constexpr sw::ObjectId shared_memory{1};

// Three pages on storage from page 50 on; the last has 10 words.
constexpr std::uint64_t file_bytes = 2 * page_bytes + 10 * word_bytes;
constexpr std::uint64_t first_storage_page = 50;

constexpr VirtualAddress page(std::uint64_t number) {
    return {number * page_bytes};
}

constexpr VirtualAddress word(std::uint64_t page_number, std::uint64_t number) {
    return page(page_number) + number * word_bytes;
}

constexpr sw::PageSpan pages(std::uint64_t first, std::uint64_t end) {
    return {.start = page(first), .end = page(end)};
}

constexpr sw::Region region(std::uint64_t first, std::uint64_t end, sw::Sharing sharing,
                            std::optional<sw::ObjectId> object = std::nullopt,
                            std::uint64_t object_page = 0) {
    return {.start = page(first),
            .end = page(end),
            .rights = {.read = true, .write = true},
            .sharing = sharing,
            .object = object,
            .object_page = object_page};
}

Values of_file(std::uint64_t file_page, unsigned word) {
    return {initial_value({.page = first_storage_page + file_page}, word)};
}

constexpr std::array<std::uint64_t, 5> first_pages{0x10, 0x20, 0x30, 0x40, 0x50};
constexpr std::array<std::uint64_t, 4> first_pages_of_objects{0x20, 0x30, 0x40, 0x50};

// The parent has mapped
//   pages 0x10 to 0x20    private, zeros
//   pages 0x20 to 0x23    private, the file
//   pages 0x30 to 0x33    shared, the file
//   pages 0x40 to 0x44    shared memory
//   pages 0x50 to 0x54    shared, zeros
class Programs : public ContentsOracle {
  public:
    Programs() {
        make_file(file, file_bytes, first_storage_page);
        make_shared_memory(shared_memory);
        make_process(parent);
        map(parent, region(0x10, 0x20, sw::Sharing::private_));
        map(parent, region(0x20, 0x23, sw::Sharing::private_, file));
        map(parent, region(0x30, 0x33, sw::Sharing::shared, file));
        map(parent, region(0x40, 0x44, sw::Sharing::shared, shared_memory));
        map(parent, region(0x50, 0x54, sw::Sharing::shared));
    }

    void store(VirtualAddress address, std::uint64_t access, sw::ProcessId id = parent) {
        ContentsOracle::store(id, address, 8, stored_by(access));
    }
    [[nodiscard]] Values seen(VirtualAddress address, sw::ProcessId id = parent) {
        return expected(id, address);
    }
    [[nodiscard]] bool finds(VirtualAddress address, WordValue value) {
        return find(parent, address, value);
    }
};

}  // namespace

TEST_CASE("untouched memory holds zeros, or the file", "[contents]") {
    Programs programs;
    CHECK(programs.seen(word(0x10, 5)) == Values{zero});
    CHECK(programs.seen(word(0x21, 5)) == of_file(1, 5));
    CHECK(programs.seen(word(0x31, 5)) == of_file(1, 5));
    CHECK(programs.seen(word(0x41, 5)) == Values{zero});
    CHECK(programs.seen(word(0x51, 5)) == Values{zero});
}

TEST_CASE("a store is found in the words that it touches and in no others", "[contents]") {
    for (const std::uint64_t first : first_pages) {
        CAPTURE(first);
        Programs programs;
        const Values before = programs.seen(word(first, 3));
        programs.ContentsOracle::store(parent, word(first, 1) + 4, 8, stored_by(7));
        programs.store(word(first, 2), 8);
        CHECK(programs.seen(word(first, 1)) == Values{stored_by(7)});
        CHECK(programs.seen(word(first, 2) + 7) == Values{stored_by(8)});
        CHECK(programs.seen(word(first, 3)) == before);

        CHECK(programs.finds(word(first, 2), stored_by(8)));
        CHECK_FALSE(programs.finds(word(first, 2), stored_by(7)));
        CHECK_FALSE(programs.finds(word(first, 2), zero));
    }
}

TEST_CASE("what is stored through one shared mapping is found through every other", "[contents]") {
    Programs programs;
    programs.map(parent, region(0x60, 0x62, sw::Sharing::shared, file, 1));
    programs.make_process(child);
    programs.map(child, region(0x10, 0x12, sw::Sharing::shared, shared_memory, 2));

    programs.store(word(0x31, 4), 1);
    CHECK(programs.seen(word(0x60, 4)) == Values{stored_by(1)});
    programs.store(word(0x11, 4), 2, child);
    CHECK(programs.seen(word(0x43, 4)) == Values{stored_by(2)});
    CHECK(programs.seen(word(0x51, 4)) == Values{zero});
}

TEST_CASE("a private page of a file shows the file until its process stores there", "[contents]") {
    Programs programs;
    programs.store(word(0x30, 0), 1);
    CHECK(programs.seen(word(0x20, 0)) == Values{stored_by(1)});

    programs.store(word(0x20, 1), 2);
    programs.store(word(0x30, 0), 3);
    programs.store(word(0x31, 0), 4);
    CHECK(programs.seen(word(0x20, 0)) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x20, 1)) == Values{stored_by(2)});
    CHECK(programs.seen(word(0x21, 0)) == Values{stored_by(4)});
    CHECK(programs.seen(word(0x30, 1)) == of_file(0, 1));
}

TEST_CASE("a private page that is copied before it is stored to no longer shows the file",
          "[contents]") {
    Programs programs;
    programs.copy_private(parent, pages(0x10, 0x60));
    programs.store(word(0x30, 0), 1);
    programs.store(word(0x40, 0), 2);
    CHECK(programs.seen(word(0x20, 0)) == of_file(0, 0));
    CHECK(programs.seen(word(0x30, 0)) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x40, 0)) == Values{stored_by(2)});
}

TEST_CASE("a fork copies what is private and shares the rest", "[contents]") {
    Programs programs;
    programs.store(word(0x10, 0), 1);
    programs.store(word(0x20, 0), 2);
    programs.fork(parent, child);
    programs.store(word(0x10, 0), 3);
    programs.store(word(0x11, 0), 4);
    programs.store(word(0x20, 1), 5, child);
    programs.store(word(0x30, 9), 6, child);
    programs.store(word(0x40, 9), 7);
    programs.store(word(0x50, 9), 8, child);

    CHECK(programs.seen(word(0x10, 0), child) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x11, 0), child) == Values{zero});
    CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(3)});
    CHECK(programs.seen(word(0x20, 0), child) == Values{stored_by(2)});
    CHECK(programs.seen(word(0x20, 1)) == of_file(0, 1));
    CHECK(programs.seen(word(0x30, 9)) == Values{stored_by(6)});
    CHECK(programs.seen(word(0x40, 9), child) == Values{stored_by(7)});
    CHECK(programs.seen(word(0x50, 9)) == Values{stored_by(8)});
}

TEST_CASE("what one process does to its map is nothing to the other", "[contents]") {
    Programs programs;
    programs.store(word(0x10, 0), 1);
    programs.fork(parent, child);
    programs.unmap(child, pages(0x10, 0x20));
    programs.dontneed(child, pages(0x20, 0x23));
    programs.exec(child);
    programs.exit(child);

    CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(1)});
    CHECK_THROWS_AS(programs.reaches(child, word(0x10, 0)), ModelError);
}

TEST_CASE("what is unmapped is reached no more, and new when it is mapped again", "[contents]") {
    Programs programs;
    programs.store(word(0x12, 0), 1);
    programs.store(word(0x13, 0), 2);
    programs.unmap(parent, pages(0x13, 0x18));
    CHECK(programs.reaches(parent, word(0x12, 511)));
    CHECK_FALSE(programs.reaches(parent, word(0x13, 0)));
    CHECK_FALSE(programs.reaches(parent, word(0x17, 511)));
    CHECK(programs.reaches(parent, word(0x18, 0)));

    programs.map(parent, region(0x13, 0x18, sw::Sharing::private_));
    CHECK(programs.seen(word(0x12, 0)) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x13, 0)) == Values{zero});
}

TEST_CASE("an object outlives its mappings", "[contents]") {
    Programs programs;
    programs.store(word(0x40, 0), 1);
    programs.store(word(0x30, 0), 2);
    programs.unmap(parent, pages(0x30, 0x44));
    programs.map(parent, region(0x30, 0x33, sw::Sharing::private_, file));
    programs.map(parent, region(0x40, 0x44, sw::Sharing::shared, shared_memory));
    CHECK(programs.seen(word(0x40, 0)) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x30, 0)) == Values{stored_by(2)});
}

TEST_CASE("shared zeros are of one mapping and its forks only", "[contents]") {
    Programs programs;
    programs.store(word(0x50, 0), 1);
    programs.map(parent, region(0x60, 0x64, sw::Sharing::shared));
    CHECK(programs.seen(word(0x60, 0)) == Values{zero});
    programs.map(parent, region(0x50, 0x54, sw::Sharing::shared));
    CHECK(programs.seen(word(0x50, 0)) == Values{zero});
}

TEST_CASE("a mapping replaces the part of another on which it lies", "[contents]") {
    Programs programs;
    programs.store(word(0x12, 0), 1);
    programs.store(word(0x13, 0), 2);
    programs.map(parent, region(0x13, 0x15, sw::Sharing::private_, file, 1));
    CHECK(programs.seen(word(0x12, 0)) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x13, 0)) == of_file(1, 0));
    CHECK(programs.seen(word(0x15, 0)) == Values{zero});
}

TEST_CASE("what is moved takes its contents with it", "[contents]") {
    Programs programs;
    programs.store(word(0x1f, 0), 1);
    programs.store(word(0x21, 0), 2);
    programs.map(parent, region(0x80, 0x90, sw::Sharing::private_));
    programs.store(word(0x80, 0), 3);
    programs.store(word(0x81, 0), 4);
    programs.move(parent, pages(0x1f, 0x23), page(0x80));

    CHECK_FALSE(programs.reaches(parent, word(0x1f, 0)));
    CHECK_FALSE(programs.reaches(parent, word(0x22, 0)));
    CHECK(programs.seen(word(0x80, 0)) == Values{stored_by(1)});
    CHECK(programs.seen(word(0x81, 0)) == of_file(0, 0));
    CHECK(programs.seen(word(0x82, 0)) == Values{stored_by(2)});
    CHECK(programs.seen(word(0x82, 1)) == of_file(1, 1));
    CHECK(programs.seen(word(0x84, 0)) == Values{zero});
    CHECK(programs.seen(word(0x1e, 0)) == Values{zero});
}

TEST_CASE("what is not needed is as new if it is private, and stays if it is shared",
          "[contents]") {
    Programs programs;
    programs.store(word(0x11, 0), 0x11);
    for (const std::uint64_t first : first_pages) {
        programs.store(word(first, 0), first);
    }
    programs.dontneed(parent, pages(0x11, 0x60));

    CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(0x10)});
    CHECK(programs.seen(word(0x11, 0)) == Values{zero});
    CHECK(programs.seen(word(0x20, 0)) == Values{stored_by(0x30)});
    CHECK(programs.seen(word(0x30, 0)) == Values{stored_by(0x30)});
    CHECK(programs.seen(word(0x40, 0)) == Values{stored_by(0x40)});
    CHECK(programs.seen(word(0x50, 0)) == Values{stored_by(0x50)});
}

TEST_CASE("what is given free may be lost until it is stored to", "[contents]") {
    Programs programs;
    programs.store(word(0x10, 0), 1);
    programs.store(word(0x10, 1), 2);
    programs.free(parent, pages(0x10, 0x20));
    CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(1), zero});
    CHECK(programs.finds(word(0x10, 0), stored_by(1)));
    CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(1), zero});

    SECTION("lost") {
        CHECK(programs.finds(word(0x10, 0), zero));
        CHECK_FALSE(programs.finds(word(0x10, 1), stored_by(2)));
        programs.store(word(0x10, 0), 3);
        CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(3)});
        CHECK(programs.seen(word(0x10, 1)) == Values{zero});
    }
    SECTION("stored to") {
        programs.store(word(0x10, 0), 3);
        CHECK(programs.seen(word(0x10, 0)) == Values{stored_by(3)});
        CHECK(programs.seen(word(0x10, 1)) == Values{stored_by(2), zero});
        CHECK(programs.finds(word(0x10, 1), stored_by(2)));
        CHECK_FALSE(programs.finds(word(0x10, 1), zero));
    }
    SECTION("of a fork, each loses its own") {
        programs.fork(parent, child);
        programs.store(word(0x10, 0), 3);
        CHECK(programs.finds(word(0x10, 1), stored_by(2)));
        CHECK(programs.seen(word(0x10, 1)) == Values{stored_by(2)});
        CHECK(programs.seen(word(0x10, 1), child) == Values{stored_by(2), zero});
    }
}

TEST_CASE("pages of objects cannot be given free", "[contents]") {
    Programs programs;
    for (const std::uint64_t first : first_pages_of_objects) {
        programs.store(word(first, 0), first);
    }
    programs.free(parent, pages(0x10, 0x60));
    for (const std::uint64_t first : first_pages_of_objects) {
        CAPTURE(first);
        CHECK(programs.seen(word(first, 0)) == Values{stored_by(first)});
    }
}

TEST_CASE("behind a file's end its last page holds zeros, and then nothing is reached",
          "[contents]") {
    Programs programs;
    programs.map(parent, region(0x20, 0x28, sw::Sharing::private_, file));
    CHECK(programs.seen(word(0x22, 9)) == of_file(2, 9));
    CHECK(programs.seen(word(0x22, 10)) == Values{zero});
    CHECK(programs.seen(word(0x32, 511)) == Values{zero});
    CHECK(programs.reaches(parent, word(0x22, 511)));
    CHECK_FALSE(programs.reaches(parent, word(0x23, 0)));
}

TEST_CASE("what is stored behind a file's end may be lost at any time", "[contents]") {
    Programs programs;
    programs.store(word(0x32, 9), 1);
    programs.store(word(0x32, 10), 2);
    programs.store(word(0x32, 11), 3);
    CHECK(programs.seen(word(0x32, 9)) == Values{stored_by(1)});
    CHECK(programs.finds(word(0x32, 10), stored_by(2)));
    CHECK(programs.finds(word(0x32, 11), zero));
    CHECK_FALSE(programs.finds(word(0x32, 10), stored_by(2)));
    CHECK(programs.seen(word(0x32, 9)) == Values{stored_by(1)});

    programs.store(word(0x32, 12), 4);
    CHECK(programs.seen(word(0x32, 10)) == Values{zero});
    CHECK(programs.seen(word(0x22, 12)) == Values{stored_by(4), zero});
}

TEST_CASE("a private copy keeps what it has behind the file's end", "[contents]") {
    Programs programs;
    programs.store(word(0x32, 10), 1);
    programs.store(word(0x22, 11), 2);
    CHECK(programs.seen(word(0x22, 11)) == Values{stored_by(2)});
    CHECK(programs.seen(word(0x22, 10)) == Values{stored_by(1), zero});
    CHECK(programs.finds(word(0x22, 10), stored_by(1)));
    CHECK_FALSE(programs.finds(word(0x22, 10), zero));
    CHECK(programs.finds(word(0x32, 10), zero));
    CHECK(programs.finds(word(0x22, 10), stored_by(1)));
}

TEST_CASE("a span as large as an address space is no more work than what is in it", "[contents]") {
    constexpr VirtualAddress end{std::uint64_t{1} << 56U};
    ContentsOracle programs;
    programs.make_process(parent);
    programs.map(parent, {.start = {0}, .end = end, .rights = {}});
    programs.store(parent, word(0x10, 0), 8, stored_by(1));
    programs.free(parent, {.start = {0}, .end = end});
    programs.dontneed(parent, {.start = page(0x11), .end = end});
    CHECK(programs.expected(parent, word(0x10, 0)) == Values{stored_by(1), zero});
    programs.unmap(parent, {.start = {0}, .end = end});
    CHECK_FALSE(programs.reaches(parent, word(0x10, 0)));
}

TEST_CASE("the calls that concerned a page are told", "[contents]") {
    Programs programs;
    programs.store(word(0x10, 0), 1);
    programs.fork(parent, child);
    programs.dontneed(child, pages(0x12, 0x14));
    programs.store(word(0x10, 0), 2);
    programs.move(child, pages(0x13, 0x14), page(0x80));

    CHECK(programs.history(child, word(0x13, 8)) ==
          std::vector<std::string>{
              "process 0: mapped private before any access stored",
              "process 1: made by a fork of process 0 after access 1",
              "process 1: not needed (MADV_DONTNEED) after access 1",
              "process 1: moved to 0x80000 after access 2",
          });
    CHECK(programs.history(child, word(0x80, 0)) ==
          std::vector<std::string>{
              "process 1: made by a fork of process 0 after access 1",
              "process 1: moved from 0x13000 after access 2",
          });
}

TEST_CASE("what is not known is refused, and what is known is not made twice", "[contents]") {
    Programs programs;
    CHECK_THROWS_AS(programs.map(parent, region(0x10, 0x11, sw::Sharing::shared, sw::ObjectId{7})),
                    ModelError);
    CHECK_THROWS_AS(programs.unmap(child, pages(0x10, 0x11)), ModelError);
    CHECK_THROWS_AS(programs.exit(child), ModelError);
    CHECK_THROWS_AS(programs.fork(parent, parent), ModelError);
    CHECK_THROWS_AS(programs.make_process(parent), ModelError);
    CHECK_THROWS_AS(programs.make_shared_memory(file), ModelError);
    CHECK_THROWS_AS(programs.store(word(0x70, 0), 1), ModelError);
    CHECK_THROWS_AS(programs.seen(word(0x70, 0)), ModelError);
}

}  // namespace mmusim::tb::contents_oracle_test
