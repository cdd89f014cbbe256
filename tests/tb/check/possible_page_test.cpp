// SPDX-License-Identifier: Apache-2.0
#include "tb/check/possible_page.hpp"

#include "tests/tb/check/printing.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::tb::possible_page_test {

namespace {

using Values = std::vector<WordValue>;

constexpr WordValue zero{};

constexpr WordSpan word(unsigned number) {
    return {.first = number, .end = number + 1};
}

// Words 0 and 1 hold what accesses 1 and 2 stored.
PossiblePage two_words() {
    PossiblePage page({});
    page.store(word(0), stored_by(1));
    page.store(word(1), stored_by(2));
    return page;
}

PossiblePage losable() {
    PossiblePage page = two_words();
    page.may_lose_from(0);
    return page;
}

}  // namespace

TEST_CASE("a page that nothing happens to is certain", "[contents]") {
    PossiblePage page = two_words();
    CHECK(page.certain());
    CHECK(page.at(0) == Values{stored_by(1)});
    CHECK(page.find(0, stored_by(1)));
    CHECK_FALSE(page.find(0, zero));
    CHECK_FALSE(page.find(0, stored_by(2)));
    CHECK(page.at(2) == Values{zero});
}

TEST_CASE("what may be lost is there, or zero", "[contents]") {
    const PossiblePage page = losable();
    CHECK(page.at(0) == Values{stored_by(1), zero});
    CHECK(page.at(1) == Values{stored_by(2), zero});
    CHECK(page.at(2) == Values{zero});
}

TEST_CASE("who finds one word lost knows that all are", "[contents]") {
    PossiblePage page = losable();
    CHECK(page.find(0, zero));
    CHECK(page.certain());
    CHECK_FALSE(page.find(1, stored_by(2)));
    CHECK(page.find(1, zero));
}

TEST_CASE("what was found may be lost later, unless the page is kept", "[contents]") {
    PossiblePage page = losable();
    CHECK(page.find(0, stored_by(1)));
    CHECK(page.at(1) == Values{stored_by(2), zero});

    page.keep();
    CHECK(page.at(1) == Values{stored_by(2), zero});
    CHECK(page.find(0, stored_by(1)));
    CHECK(page.at(1) == Values{stored_by(2)});
}

TEST_CASE("a store to a page that is kept is certain, the other words are as they were",
          "[contents]") {
    PossiblePage page = losable();
    page.keep();
    page.store(word(0), stored_by(3));
    CHECK(page.at(0) == Values{stored_by(3)});
    CHECK(page.at(1) == Values{stored_by(2), zero});
    CHECK(page.find(1, zero));
    CHECK(page.at(0) == Values{stored_by(3)});
}

TEST_CASE("where only the end may be lost, the beginning stays", "[contents]") {
    PossiblePage page = two_words();
    page.may_lose_from(1);
    CHECK(page.at(0) == Values{stored_by(1)});
    CHECK(page.at(1) == Values{stored_by(2), zero});

    page.store({.first = 0, .end = 3}, stored_by(4));
    CHECK(page.at(0) == Values{stored_by(4)});
    CHECK(page.at(1) == Values{stored_by(4), zero});
    CHECK(page.find(2, zero));
    CHECK(page.at(1) == Values{zero});
}

TEST_CASE("possibilities that have become alike are one", "[contents]") {
    PossiblePage page({});
    page.store(word(0), stored_by(1));
    for (unsigned access = 2; access < 100; ++access) {
        page.may_lose_from(0);
        page.keep();
        page.store(word(0), stored_by(access));
        REQUIRE(page.certain());
    }
}

}  // namespace mmusim::tb::possible_page_test
