// SPDX-License-Identifier: Apache-2.0
#include "hw/base/replacement.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace mmusim::hw {
namespace {

constexpr std::uint64_t any_seed = 3;

// The ways of each set in a plain list, the next victim first.
class ListReplacement {
  public:
    ListReplacement(bool uses_count, std::size_t sets) : uses_count_(uses_count), sets_(sets) {}

    void used(std::size_t set, std::size_t way) {
        if (uses_count_) {
            move_to_the_end(set, way);
        }
    }
    void filled(std::size_t set, std::size_t way) { move_to_the_end(set, way); }
    [[nodiscard]] std::size_t victim(std::size_t set) const { return sets_[set].front(); }

  private:
    void move_to_the_end(std::size_t set, std::size_t way) {
        std::vector<std::size_t>& ways = sets_[set];
        ways.erase(std::remove(ways.begin(), ways.end(), way), ways.end());
        ways.push_back(way);
    }

    bool uses_count_;
    std::vector<std::vector<std::size_t>> sets_;
};

TEST_CASE("lru takes the way whose last use is longest ago") {
    ReplacementState lru(Replacement::lru, 1, 3, any_seed);
    for (const std::size_t way : {0U, 1U, 2U}) {
        lru.filled(0, way);
    }
    CHECK(lru.victim(0) == 0);

    lru.used(0, 0);
    CHECK(lru.victim(0) == 1);

    lru.filled(0, 1);
    CHECK(lru.victim(0) == 2);
}

TEST_CASE("fifo takes the way whose fill is longest ago, used or not") {
    ReplacementState fifo(Replacement::fifo, 1, 3, any_seed);
    for (const std::size_t way : {0U, 1U, 2U}) {
        fifo.filled(0, way);
    }
    fifo.used(0, 0);
    CHECK(fifo.victim(0) == 0);

    fifo.filled(0, 0);
    CHECK(fifo.victim(0) == 1);
}

TEST_CASE("lru and fifo agree with a plain list on random streams") {
    const auto policy = GENERATE(Replacement::lru, Replacement::fifo);
    const auto sets = GENERATE(as<std::size_t>{}, 1, 3, 16);
    const auto ways = GENERATE(as<std::size_t>{}, 1, 2, 5, 16);
    ReplacementState state(policy, sets, ways, any_seed);
    ListReplacement list(policy == Replacement::lru, sets);
    for (std::size_t set = 0; set < sets; ++set) {
        for (std::size_t way = 0; way < ways; ++way) {
            state.filled(set, way);
            list.filled(set, way);
        }
    }
    Random random(17);

    for (int round = 0; round < 10000; ++round) {
        const std::size_t set = random.below(sets);
        if (random.below(3) > 0) {
            const std::size_t way = random.below(ways);
            state.used(set, way);
            list.used(set, way);
            continue;
        }
        const std::size_t victim = state.victim(set);
        REQUIRE(victim == list.victim(set));
        state.filled(set, victim);
        list.filled(set, victim);
    }
}

TEST_CASE("random replacement takes every way, no other, and the same ones for the same seed") {
    constexpr std::size_t ways = 5;
    ReplacementState state(Replacement::random, 2, ways, 11);
    ReplacementState again(Replacement::random, 2, ways, 11);
    std::vector<int> taken(ways);

    for (std::size_t round = 0; round < 1000; ++round) {
        const std::size_t victim = state.victim(round % 2);
        REQUIRE(victim < ways);
        REQUIRE(victim == again.victim(round % 2));
        ++taken[victim];
    }

    // 200 each are expected, with a standard deviation of 13.
    CHECK(*std::min_element(taken.begin(), taken.end()) > 130);
}

}  // namespace
}  // namespace mmusim::hw
