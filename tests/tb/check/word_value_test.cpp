// SPDX-License-Identifier: Apache-2.0
#include "tb/check/word_value.hpp"

#include "hw/base/problems.hpp"
#include "tests/tb/check/printing.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::tb::word_value_test {

TEST_CASE("an access touches each word that it has a byte of", "[contents]") {
    struct Row {
        std::uint64_t page_offset;
        std::uint64_t bytes;
        WordSpan words;
    };
    const std::vector<Row> table{
        {0, 1, {0, 1}},        {0, 8, {0, 1}},        {7, 1, {0, 1}},      {7, 2, {0, 2}},
        {8, 8, {1, 2}},        {12, 8, {1, 3}},       {16, 64, {2, 10}},   {17, 64, {2, 11}},
        {4088, 8, {511, 512}}, {4095, 1, {511, 512}}, {0, 4096, {0, 512}},
    };
    for (const Row& row : table) {
        CAPTURE(row.page_offset, row.bytes);
        CHECK(words_touched(row.page_offset, row.bytes) == row.words);
    }
}

TEST_CASE("what leaves the page, or is nothing, touches no words", "[contents]") {
    CHECK_THROWS_AS(words_touched(0, 0), ModelError);
    CHECK_THROWS_AS(words_touched(4089, 8), ModelError);
    CHECK_THROWS_AS(words_touched(4096, 1), ModelError);
    CHECK_THROWS_WITH(words_touched(4089, 8),
                      "8 bytes at offset 4089 of a page: expected to stay "
                      "in the page, one at least");
}

TEST_CASE("a word that a file reaches into is the file's", "[contents]") {
    CHECK(words_reached(0) == 0);
    CHECK(words_reached(1) == 1);
    CHECK(words_reached(8) == 1);
    CHECK(words_reached(4089) == 512);
    CHECK(words_reached(4096) == 512);
    CHECK(words_reached(1'000'000) == 512);
}

TEST_CASE("a value says where it comes from", "[contents]") {
    CHECK(to_text(WordValue{}) == "zero");
    CHECK(to_text(stored_by(17)) == "what access 17 stored");
    CHECK(to_text(initial_value({.medium = Medium::files, .page = 9}, 3)) ==
          "what word 3 of page 9 of files held at first");
    CHECK(to_text(initial_value({.medium = Medium::swap, .page = 0}, 511)) ==
          "what word 511 of page 0 of swap held at first");
    CHECK(moment_after({}) == "before any access stored");
    CHECK(moment_after(stored_by(17)) == "after access 17");
}

TEST_CASE("access 0 stores something else than zero, and each word of storage is its own",
          "[contents]") {
    CHECK(stored_by(0) != WordValue{});
    CHECK(initial_value({.page = 0}, 0) != WordValue{});
    CHECK(initial_value({.page = 0}, 0) != stored_by(0));
    CHECK(initial_value({.page = 1}, 0) != initial_value({.page = 0}, 1));
    CHECK(initial_value({.medium = Medium::files, .page = 1}, 0) !=
          initial_value({.medium = Medium::swap, .page = 1}, 0));
}

}  // namespace mmusim::tb::word_value_test
