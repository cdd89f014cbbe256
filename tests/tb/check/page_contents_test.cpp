// SPDX-License-Identifier: Apache-2.0
#include "tb/check/page_contents.hpp"

#include "hw/base/random.hpp"
#include "tb/check/copy_on_write.hpp"
#include "tests/tb/check/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

namespace mmusim::tb::page_contents_test {

namespace {

constexpr StoragePage page_9{.medium = Medium::files, .page = 9};

}  // namespace

TEST_CASE("a page holds zeros, or what storage held, until it is stored to", "[contents]") {
    CHECK(PageContents().at(0) == WordValue{});
    CHECK(PageContents(page_9).at(5) == initial_value(page_9, 5));

    PageContents page(page_9);
    page.set({.first = 4, .end = 6}, stored_by(1));
    page.set(5, stored_by(2));
    CHECK(page.at(3) == initial_value(page_9, 3));
    CHECK(page.at(4) == stored_by(1));
    CHECK(page.at(5) == stored_by(2));
    CHECK(page.at(6) == initial_value(page_9, 6));
}

TEST_CASE("on random stores and clearings a page is what an array is", "[contents]") {
    Random random(1);
    for (unsigned round = 0; round < 50; ++round) {
        PageContents page(page_9);
        std::array<WordValue, words_per_page> expected{};
        for (unsigned word = 0; word < words_per_page; ++word) {
            expected.at(word) = initial_value(page_9, word);
        }
        for (unsigned step = 0; step < 400; ++step) {
            const auto word = static_cast<unsigned>(random.below(words_per_page));
            if (random.below(100) == 0) {
                page.clear_from(word);
                std::fill(expected.begin() + word, expected.end(), WordValue{});
            } else {
                page.set(word, stored_by(step));
                expected.at(word) = stored_by(step);
            }
        }
        for (unsigned word = 0; word < words_per_page; ++word) {
            CAPTURE(round, word);
            REQUIRE(page.at(word) == expected.at(word));
        }
    }
}

TEST_CASE("a copy is the same object until one of the two is changed", "[contents]") {
    CopyOnWrite<PageContents> page;
    page.to_change().set(1, stored_by(1));
    CopyOnWrite<PageContents> copy = page;
    CHECK(&*copy == &*page);

    copy.to_change().set(1, stored_by(2));
    CHECK(page->at(1) == stored_by(1));
    CHECK(copy->at(1) == stored_by(2));

    const PageContents* const before = &*copy;
    copy.to_change().set(1, stored_by(3));
    CHECK(&*copy == before);
}

}  // namespace mmusim::tb::page_contents_test
