// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/timed_judge_module.hpp"

#include "tests/tb/vectors/worked_vectors.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::timed_judge_module_test {

namespace {

void check_answers(const tests::WorkedVectors& worked) {
    const WalkVectors vectors = parse_walk_vectors(worked.text, "worked");
    TimedJudge judge(vectors.mode);
    CHECK(answers_of(vectors, judge) == worked.answers);
}

}  // namespace

TEST_CASE("the modules answer the worked vectors of Sv39", "[timed_judge]") {
    check_answers(tests::worked_sv39_vectors());
}

TEST_CASE("the modules answer the worked vectors of Sv32", "[timed_judge]") {
    check_answers(tests::worked_sv32_vectors());
}

}  // namespace mmusim::tb::timed_judge_module_test
