// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/plain_judge.hpp"

#include "tests/support/naive_judge.hpp"
#include "tests/tb/vectors/worked_vectors.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::plain_judge_test {

using tests::WorkedVectors;

TEST_CASE("the walk alone answers the worked vectors", "[plain_judge]") {
    const auto worked = GENERATE(tests::worked_sv39_vectors(), tests::worked_sv32_vectors());
    const WalkVectors vectors = parse_walk_vectors(worked.text, "worked");
    PlainJudge judge(vectors.mode);

    CHECK(answers_of(vectors, judge) == worked.answers);
}

TEST_CASE("the naive translation answers the worked vectors", "[naive_translation]") {
    const auto worked = GENERATE(tests::worked_sv39_vectors(), tests::worked_sv32_vectors());
    const WalkVectors vectors = parse_walk_vectors(worked.text, "worked");
    tests::NaiveJudge judge(vectors.mode);

    CHECK(answers_of(vectors, judge) == worked.answers);
}

}  // namespace mmusim::tb::plain_judge_test
