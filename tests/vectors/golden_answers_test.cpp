// SPDX-License-Identifier: Apache-2.0
// The answers of a golden model of the specification are those of the program, byte for byte.
#include "tests/support/naive_judge.hpp"
#include "tests/tb/cli/program.hpp"
#include "tests/vectors/golden.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace mmusim::tests::golden_answers_test {

TEST_CASE("the program answers every vector as the golden model does") {
    const auto format = GENERATE(as<std::string>(), "sv32", "sv39", "sv48", "sv57");
    const bool timed = GENERATE(false, true);
    CAPTURE(format, timed);
    std::vector<std::string> arguments{"walk", "--vectors", golden_stimuli(format)};
    if (timed) {
        arguments.emplace_back("--timed");
    }
    const std::string expected = golden_answers(format);
    REQUIRE(std::count(expected.begin(), expected.end(), '\n') >= 4000);

    const Outcome outcome = Workplace().mmusim(arguments);

    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK((outcome.output == expected));
}

TEST_CASE("the naive translation answers every vector as the golden model does") {
    const auto format = GENERATE(as<std::string>(), "sv32", "sv39", "sv48", "sv57");
    CAPTURE(format);
    const tb::WalkVectors vectors = tb::read_walk_vectors(golden_stimuli(format));
    NaiveJudge judge(vectors.mode);

    CHECK((tb::answers_of(vectors, judge) == golden_answers(format)));
}

}  // namespace mmusim::tests::golden_answers_test
