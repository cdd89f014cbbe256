// SPDX-License-Identifier: Apache-2.0
#include "hw/cache/cache_array.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>

namespace mmusim::hw::cache_array_test {
namespace {

using Line = CacheArray::Line;

constexpr std::uint64_t seed = 5;

TEST_CASE("a line is absent until it is filled, and dirty from its first write on") {
    CacheArray array({.sets = 4, .ways = 2}, seed);

    CHECK_FALSE(array.lookup({9}, LineUse::writes));
    CHECK_FALSE(array.fill({9}, LineUse::reads));
    CHECK(array.lookup({9}, LineUse::reads));
    CHECK(array.lines() == std::vector<Line>{{.number = {9}, .dirty = false}});
    CHECK(array.lookup({9}, LineUse::writes));
    CHECK(array.lookup({9}, LineUse::reads));
    CHECK(array.lines() == std::vector<Line>{{.number = {9}, .dirty = true}});
}

TEST_CASE("a line's set is its number modulo the sets, which may be any number") {
    const auto sets = GENERATE(1U, 3U, 4U, 7U);
    CacheArray array({.sets = sets, .ways = 1}, seed);

    array.fill({5}, LineUse::reads);
    CHECK(array.fill({5 + sets}, LineUse::reads) == Line{.number = {5}, .dirty = false});
    if (sets > 1) {
        CHECK_FALSE(array.fill({6}, LineUse::reads));
    }
}

TEST_CASE("empty ways are taken first, then the least recently used line gives way") {
    CacheArray array({.sets = 1, .ways = 3}, seed);
    CHECK_FALSE(array.fill({1}, LineUse::reads));
    CHECK_FALSE(array.fill({2}, LineUse::writes));
    CHECK_FALSE(array.fill({3}, LineUse::reads));
    CHECK(array.lookup({1}, LineUse::reads));

    CHECK(array.fill({4}, LineUse::reads) == Line{.number = {2}, .dirty = true});
    CHECK(array.fill({5}, LineUse::reads) == Line{.number = {3}, .dirty = false});
    CHECK(array.lookup({1}, LineUse::reads));
}

TEST_CASE("the line that takes a dirty line's place is clean if it was only read") {
    CacheArray array({.sets = 1, .ways = 1}, seed);
    array.fill({1}, LineUse::writes);
    CHECK(array.fill({2}, LineUse::reads) == Line{.number = {1}, .dirty = true});
    CHECK(array.fill({3}, LineUse::reads) == Line{.number = {2}, .dirty = false});
}

// Each set a list, the most recently used line in front.
class ListCache {
  public:
    ListCache(std::size_t sets, std::size_t ways) : sets_(sets), ways_(ways) {}

    bool lookup(std::uint64_t number, bool writes) {
        std::list<Line>& set = sets_[number % sets_.size()];
        const auto found = std::find_if(set.begin(), set.end(), [number](const Line& line) {
            return line.number.value == number;
        });
        if (found == set.end()) {
            return false;
        }
        found->dirty = found->dirty || writes;
        set.splice(set.begin(), set, found);
        return true;
    }

    std::optional<Line> fill(std::uint64_t number, bool dirty) {
        std::list<Line>& set = sets_[number % sets_.size()];
        set.push_front({.number = {number}, .dirty = dirty});
        if (set.size() <= ways_) {
            return std::nullopt;
        }
        const Line last = set.back();
        set.pop_back();
        return last;
    }

  private:
    std::vector<std::list<Line>> sets_;
    std::size_t ways_;
};

TEST_CASE("an array does what one made of lists does, access by access") {
    const auto sets = GENERATE(1U, 5U, 16U);
    const auto ways = GENERATE(1U, 4U);
    CacheArray array({.sets = sets, .ways = ways}, seed);
    ListCache lists(sets, ways);
    Random random(sets * 100 + ways);
    for (unsigned step = 0; step < 5000; ++step) {
        CAPTURE(sets, ways, step);
        const std::uint64_t number = random.below(std::uint64_t{2} * sets * ways + 1);
        const bool writes = random.below(3) == 0;
        const LineUse use = writes ? LineUse::writes : LineUse::reads;
        const bool hit = lists.lookup(number, writes);
        REQUIRE(array.lookup({number}, use) == hit);
        if (!hit) {
            REQUIRE(array.fill({number}, use) == lists.fill(number, writes));
        }
    }
}

}  // namespace
}  // namespace mmusim::hw::cache_array_test
