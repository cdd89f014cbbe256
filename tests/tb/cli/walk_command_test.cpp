// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"
#include "tests/tb/vectors/worked_vectors.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::walk_command_test {

TEST_CASE("walk answers a file of vectors, plain or compressed, with time or without") {
    const Workplace workplace;
    const WorkedVectors worked = worked_sv39_vectors();
    static_cast<void>(workplace.file("vectors", worked.text));
    REQUIRE(workplace.shell("gzip -k vectors").status == 0);

    for (const std::string file : {"vectors", "vectors.gz"}) {
        for (const std::vector<std::string>& options :
             {std::vector<std::string>{}, std::vector<std::string>{"--timed"}}) {
            std::vector<std::string> arguments{"walk", "--vectors", file};
            arguments.insert(arguments.end(), options.begin(), options.end());
            const Outcome outcome = workplace.mmusim(arguments);
            CHECK(outcome.output == worked.answers);
            CHECK(outcome.errors.empty());
            CHECK(outcome.status == 0);
        }
    }
}

TEST_CASE("walk complains of a file that it cannot read, and answers nothing") {
    const Workplace workplace;
    static_cast<void>(workplace.file("cut", "S 64 39\nN\nT 0 0 0 0 0 0 0 r 0 0\nT 1 0 0 0"));
    static_cast<void>(workplace.file("empty", ""));
    const auto walk = [&](const std::string& file) {
        return workplace.mmusim({"walk", "--timed", "--vectors", file});
    };

    CHECK(complains(walk("cut"), "cut:4: found the end of the line, expected mxr, 0 or 1"));
    CHECK(complains(walk("empty"), "empty: is empty, expected a readable file"));
    CHECK(
        complains(walk("missing"), "missing: No such file or directory, expected a readable file"));
    CHECK(workplace.mmusim({"walk"}).status == 2);
}

TEST_CASE("walk says so when its answers cannot be written") {
    const Workplace workplace;
    static_cast<void>(workplace.file("vectors", worked_sv39_vectors().text));

    const Outcome outcome = workplace.shell("\"$mmusim\" walk --vectors vectors > /dev/full");

    CHECK(outcome.errors == "mmusim: standard output: cannot be written\n");
    CHECK(outcome.status == 2);
}

}  // namespace mmusim::tests::walk_command_test
