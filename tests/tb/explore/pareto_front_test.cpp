// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/pareto_front.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

namespace mmusim::tb::pareto_front_test {

TEST_CASE("on the front is what nothing else beats") {
    struct Row {
        Candidate candidate;
        bool on_front;
    };
    const std::vector<Row> rows{
        {{10, 100}, true},           // the cheapest
        {{10, 101}, false},          // costs the same and misses more
        {{20, 100}, false},          // misses the same and costs more
        {{20, 50}, true},            // costs more and misses less
        {{20, 50}, true},            // equal to the one above: neither is better
        {{30, 60}, false},           // more of both
        {{40, 0}, true},             // the best
        {{std::nullopt, 0}, false},  // nobody knows what it costs
    };
    std::vector<Candidate> candidates;
    candidates.reserve(rows.size());
    for (const Row& row : rows) {
        candidates.push_back(row.candidate);
    }
    for (const Row& row : rows) {
        INFO(row.candidate.cost.value_or(0) << ", " << row.candidate.misses);
        CHECK(on_pareto_front(row.candidate, candidates) == row.on_front);
    }
}

TEST_CASE("what has no cost makes nothing leave the front") {
    CHECK(on_pareto_front({5, 9}, {{std::nullopt, 0}}));
}

}  // namespace mmusim::tb::pareto_front_test
