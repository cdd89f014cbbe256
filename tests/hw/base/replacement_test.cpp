// SPDX-License-Identifier: Apache-2.0
#include "hw/base/replacement.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <vector>

namespace mmusim::hw::replacement_test {
namespace {

constexpr std::uint64_t any_seed = 3;

using Ways = std::vector<std::size_t>;

// One set of each policy, as plainly as can be.
class PlainPolicy {
  public:
    PlainPolicy() = default;
    PlainPolicy(const PlainPolicy&) = delete;
    PlainPolicy& operator=(const PlainPolicy&) = delete;
    PlainPolicy(PlainPolicy&&) = delete;
    PlainPolicy& operator=(PlainPolicy&&) = delete;
    virtual ~PlainPolicy() = default;

    virtual void used(std::size_t way) = 0;
    virtual void filled(std::size_t way) = 0;
    [[nodiscard]] virtual std::size_t victim() = 0;
};

// The ways in a list, the next victim first.
class PlainList final : public PlainPolicy {
  public:
    PlainList(std::size_t ways, bool uses_count) : uses_count_(uses_count), order_(ways) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
    }

    void used(std::size_t way) override {
        if (uses_count_) {
            filled(way);
        }
    }
    void filled(std::size_t way) override {
        order_.remove(way);
        order_.push_back(way);
    }
    [[nodiscard]] std::size_t victim() override { return order_.front(); }

  private:
    bool uses_count_;
    std::list<std::size_t> order_;
};

// A real tree of nodes, each with two children and a pointer to one of them.
class PlainTree final : public PlainPolicy {
  public:
    explicit PlainTree(std::size_t ways) {
        Ways all(ways);
        std::iota(all.begin(), all.end(), std::size_t{0});
        root_ = grow(all);
    }

    void used(std::size_t way) override { point_away(*root_, way); }
    void filled(std::size_t way) override { point_away(*root_, way); }
    [[nodiscard]] std::size_t victim() override {
        const Node* node = root_.get();
        while (node->ways.size() > 1) {
            node = node->points_to_upper ? node->upper.get() : node->lower.get();
        }
        return node->ways.front();
    }

  private:
    struct Node {
        Ways ways;
        std::unique_ptr<Node> lower;
        std::unique_ptr<Node> upper;
        bool points_to_upper = false;
    };

    static std::unique_ptr<Node> grow(const Ways& ways) {
        auto node = std::make_unique<Node>();
        node->ways = ways;
        if (ways.size() > 1) {
            std::size_t lower = 1;
            while (2 * lower < ways.size()) {
                lower *= 2;
            }
            const auto middle = ways.begin() + static_cast<std::ptrdiff_t>(lower);
            node->lower = grow({ways.begin(), middle});
            node->upper = grow({middle, ways.end()});
        }
        return node;
    }

    static void point_away(Node& node, std::size_t way) {
        if (node.ways.size() == 1) {
            return;
        }
        const Ways& upper = node.upper->ways;
        const bool in_upper = std::find(upper.begin(), upper.end(), way) != upper.end();
        node.points_to_upper = !in_upper;
        point_away(in_upper ? *node.upper : *node.lower, way);
    }

    std::unique_ptr<Node> root_;
};

// The ways used since the last time that all were.
class PlainUsedSet final : public PlainPolicy {
  public:
    PlainUsedSet(std::size_t ways, bool keeps_the_newest)
        : ways_(ways), keeps_the_newest_(keeps_the_newest) {}

    void used(std::size_t way) override {
        used_.insert(way);
        if (used_.size() == ways_) {
            used_.clear();
            if (keeps_the_newest_) {
                used_.insert(way);
            }
        }
    }
    void filled(std::size_t way) override { used(way); }
    [[nodiscard]] std::size_t victim() override {
        for (std::size_t way = 0; way < ways_; ++way) {
            if (!used_.contains(way)) {
                return way;
            }
        }
        return 0;
    }

  private:
    std::size_t ways_;
    bool keeps_the_newest_;
    std::set<std::size_t> used_;
};

// How often each way was used since its fill.
class PlainFrequency final : public PlainPolicy {
  public:
    explicit PlainFrequency(std::size_t ways) : uses_(ways) {}

    void used(std::size_t way) override { ++uses_[way]; }
    void filled(std::size_t way) override { uses_[way] = 1; }
    [[nodiscard]] std::size_t victim() override {
        std::size_t rarest = 0;
        for (std::size_t way = 1; way < uses_.size(); ++way) {
            if (uses_[way] < uses_[rarest]) {
                rarest = way;
            }
        }
        return rarest;
    }

  private:
    Ways uses_;
};

// The paper's own words: search for a 3 from the left; if none, increment all and search again.
class PlainPrediction final : public PlainPolicy {
  public:
    explicit PlainPrediction(std::size_t ways) : predictions_(ways, 3) {}

    void used(std::size_t way) override { predictions_[way] = 0; }
    void filled(std::size_t way) override { predictions_[way] = 2; }
    [[nodiscard]] std::size_t victim() override {
        while (true) {
            for (std::size_t way = 0; way < predictions_.size(); ++way) {
                if (predictions_[way] == 3) {
                    return way;
                }
            }
            for (int& prediction : predictions_) {
                ++prediction;
            }
        }
    }

  private:
    std::vector<int> predictions_;
};

std::unique_ptr<PlainPolicy> plain(Replacement policy, std::size_t ways) {
    switch (policy) {
        case Replacement::lru: return std::make_unique<PlainList>(ways, true);
        case Replacement::fifo: return std::make_unique<PlainList>(ways, false);
        case Replacement::tree_plru: return std::make_unique<PlainTree>(ways);
        case Replacement::bit_plru: return std::make_unique<PlainUsedSet>(ways, true);
        case Replacement::nru: return std::make_unique<PlainUsedSet>(ways, false);
        case Replacement::lfu: return std::make_unique<PlainFrequency>(ways);
        case Replacement::srrip: return std::make_unique<PlainPrediction>(ways);
        case Replacement::random: break;
    }
    throw std::logic_error("chance has no rule");
}

TEST_CASE("every policy but random agrees with its plain words on random streams") {
    const auto policy = GENERATE(Replacement::lru, Replacement::tree_plru, Replacement::bit_plru,
                                 Replacement::nru, Replacement::fifo, Replacement::srrip);
    const auto sets = GENERATE(as<std::size_t>{}, 1, 3, 16);
    const auto ways = GENERATE(as<std::size_t>{}, 1, 2, 3, 4, 5, 6, 7, 12, 16, 33);
    CAPTURE(policy, sets, ways);
    ReplacementState state(policy, sets, ways, any_seed);
    std::vector<std::unique_ptr<PlainPolicy>> plain_sets;
    for (std::size_t set = 0; set < sets; ++set) {
        plain_sets.push_back(plain(policy, ways));
    }
    Random random(17);

    for (int round = 0; round < 3000; ++round) {
        const std::size_t set = random.below(sets);
        PlainPolicy& plain_set = *plain_sets[set];
        const std::uint64_t choice = random.below(4);
        const std::size_t way = random.below(ways);
        if (choice < 2) {
            state.used(set, way);
            plain_set.used(way);
        } else if (choice == 2) {
            state.filled(set, way);
            plain_set.filled(way);
        } else {
            const std::size_t victim = state.victim(set);
            REQUIRE(victim == plain_set.victim());
            state.filled(set, victim);
            plain_set.filled(victim);
        }
    }
}

// The victims of as many fills in a row.
Ways next_victims(ReplacementState& state, std::size_t count) {
    Ways victims;
    for (std::size_t fill = 0; fill < count; ++fill) {
        victims.push_back(state.victim(0));
        state.filled(0, victims.back());
    }
    return victims;
}

// All ways filled in order, then some of them hit: who gives way then?
TEST_CASE("a hand table: four ways filled in order, some hit, then four more fills") {
    struct Row {
        Replacement policy;
        Ways hits;
        Ways victims;
    };
    const auto row = GENERATE(
        Row{Replacement::lru, {}, {0, 1, 2, 3}}, Row{Replacement::lru, {0, 2}, {1, 3, 0, 2}},
        Row{Replacement::fifo, {}, {0, 1, 2, 3}}, Row{Replacement::fifo, {0, 2}, {0, 1, 2, 3}},
        // After the fill of way 3 root and both halves point down.
        Row{Replacement::tree_plru, {}, {0, 2, 1, 3}},
        Row{Replacement::tree_plru, {0, 2}, {1, 3, 0, 2}},
        Row{Replacement::tree_plru, {1, 3, 1}, {2, 0, 3, 1}},
        // The fill of way 3 left its bit alone.
        Row{Replacement::bit_plru, {}, {0, 1, 2, 0}},
        Row{Replacement::bit_plru, {0, 2}, {1, 0, 2, 3}},
        // The fill of way 3 cleared all bits.
        Row{Replacement::nru, {}, {0, 1, 2, 3}}, Row{Replacement::nru, {0, 2}, {1, 3, 0, 1}},
        // All predictions are 2, or 0 after a hit.
        Row{Replacement::srrip, {}, {0, 1, 2, 3}}, Row{Replacement::srrip, {0, 2}, {1, 3, 1, 3}});
    CAPTURE(row.policy, row.hits);
    ReplacementState state(row.policy, 1, 4, any_seed);
    for (const std::size_t way : {0U, 1U, 2U, 3U}) {
        state.filled(0, way);
    }
    for (const std::size_t way : row.hits) {
        state.used(0, way);
    }

    CHECK(next_victims(state, 4) == row.victims);
}

// The orders of CVA6 (16 ways) and of Rocket Chip's sectored (8) and superpage (4) entries.
TEST_CASE("tree_plru fills an unused set in the order of bits turned round") {
    struct Row {
        std::size_t ways;
        Ways order;
    };
    const auto row =
        GENERATE(Row{1, {0, 0}}, Row{2, {0, 1, 0, 1}}, Row{4, {0, 2, 1, 3, 0, 2, 1, 3}},
                 Row{8, {0, 4, 2, 6, 1, 5, 3, 7, 0, 4, 2, 6, 1, 5, 3, 7}},
                 Row{16, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15, 0}},
                 // 3 ways: (0 1) 2; 5 ways: ((0 1) (2 3)) 4; 6: ((0 1) (2 3)) (4 5)
                 Row{3, {0, 2, 1, 2, 0, 2}}, Row{5, {0, 4, 2, 4, 1, 4, 3, 4, 0}},
                 Row{6, {0, 4, 2, 5, 1, 4, 3, 5, 0}});
    CAPTURE(row.ways);
    ReplacementState state(Replacement::tree_plru, 1, row.ways, any_seed);

    CHECK(next_victims(state, row.order.size()) == row.order);
}

TEST_CASE("where all bits would be set, bit_plru keeps the newest way and nru does not") {
    const auto victims_after_hits_on_all = [](Replacement policy, std::size_t last) {
        ReplacementState state(policy, 1, 4, any_seed);
        for (std::size_t step = 1; step <= 4; ++step) {
            state.used(0, (last + step) % 4);
        }
        return next_victims(state, 3);
    };
    CHECK(victims_after_hits_on_all(Replacement::bit_plru, 0) == Ways{1, 2, 3});
    CHECK(victims_after_hits_on_all(Replacement::nru, 0) == Ways{0, 1, 2});
}

TEST_CASE("srrip keeps what was hit while a scan passes through") {
    ReplacementState state(Replacement::srrip, 1, 4, any_seed);
    for (const std::size_t way : {0U, 1U, 2U, 3U}) {
        state.filled(0, way);
    }
    state.used(0, 1);
    state.used(0, 2);

    // The first victims raise the hit ways' predictions to 1, then to 2; nobody reaches them.
    CHECK(next_victims(state, 4) == Ways{0, 3, 0, 3});
    // Now all are 2, and nothing tells them apart.
    CHECK(next_victims(state, 4) == Ways{0, 1, 2, 3});
}

TEST_CASE("a fill that is no use leaves the way as likely to give way as it was") {
    const auto policy =
        GENERATE(Replacement::lru, Replacement::tree_plru, Replacement::bit_plru, Replacement::nru);
    CAPTURE(policy);
    ReplacementState state(policy, 1, 4, any_seed);
    const std::size_t first = state.victim(0);

    state.filled(0, first, FillUse::is_no_use);
    CHECK(state.victim(0) == first);
    state.used(0, first);
    CHECK(state.victim(0) != first);
}

TEST_CASE("to fifo and srrip a fill is what it is, a use or not") {
    const auto policy = GENERATE(Replacement::fifo, Replacement::srrip);
    CAPTURE(policy);
    ReplacementState state(policy, 1, 4, any_seed);

    state.filled(0, 0, FillUse::is_no_use);
    CHECK(state.victim(0) == 1);
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
}  // namespace mmusim::hw::replacement_test
