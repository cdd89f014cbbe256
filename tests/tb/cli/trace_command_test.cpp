// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::trace_command_test {

namespace {

using Files = std::vector<std::string>;

constexpr const char* lackey =
    "==1== Lackey, an example Valgrind tool\n"
    "I  04025310,3\n"
    " L 1ffeffe7e8,8\n"
    " M 1ffeffeffc,8\n";

}  // namespace

TEST_CASE("trace info says what a trace holds") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    const Outcome outcome = workplace.mmusim({"trace", "info", "program.lackey"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK(outcome.output ==
          "program.lackey: 4 accesses, 1 fetch, 2 read, 1 write\n"
          "3 pages of 4 KiB from 0x4025310 to 0x1ffefff003\n"
          "2 accesses cross a page\n");
}

TEST_CASE("a converted trace gives the same run, in every compression") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    const auto classes_of = [&](const std::string& trace) {
        const Outcome outcome = workplace.mmusim({"run", "--json", "-", trace});
        return nlohmann::json::parse(outcome.output).at("classes");
    };
    const nlohmann::json expected = classes_of("program.lackey");
    for (const std::string ending : {"", ".xz", ".zst", ".gz", ".bz2", ".lz4"}) {
        const std::string converted = "program.mmutrace" + ending;
        INFO(converted);
        const Outcome outcome =
            workplace.mmusim({"trace", "convert", "program.lackey", "-o", converted});
        CHECK(outcome.status == 0);
        CHECK(outcome.output.empty());
        CHECK_THAT(outcome.errors, Catch::StartsWith(converted + ": 4 accesses"));
        CHECK(classes_of(converted) == expected);
    }
}

TEST_CASE("a converted part begins after --skip and has --limit accesses") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    CHECK(workplace
              .mmusim({"trace", "convert", "program.lackey", "-o", "part.mmutrace", "--skip", "1",
                       "--limit", "2"})
              .status == 0);
    CHECK_THAT(workplace.mmusim({"trace", "info", "part.mmutrace"}).output,
               Catch::StartsWith("part.mmutrace: 2 accesses, 0 fetch, 2 read, 0 write\n"));
}

TEST_CASE("a conversion that fails leaves nothing, and the input as it was") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    static_cast<void>(workplace.file("bad.lackey", std::string(lackey) + "nonsense\n"));
    CHECK(complains(
        workplace.mmusim({"trace", "convert", "program.lackey", "-o", "./program.lackey"}),
        "./program.lackey: is the trace to be read, expected another file to write"));
    CHECK(complains(
        workplace.mmusim({"trace", "convert", "program.lackey", "-o", "x", "--skip", "4"}),
        "program.lackey: has no more than 4 accesses, expected some to be left"));
    CHECK(complains(workplace.mmusim({"trace", "convert", "missing", "-o", "x"}),
                    "missing: No such file or directory, expected a readable file"));
    CHECK_THAT(workplace.mmusim({"trace", "convert", "bad.lackey", "-o", "x"}).errors,
               Catch::StartsWith("mmusim: bad.lackey:5: found \"nonsense\", expected "));
    CHECK_THAT(workplace.mmusim({"trace", "info", "bad.lackey"}).errors,
               Catch::StartsWith("mmusim: bad.lackey:5: found \"nonsense\", expected "));
    CHECK(workplace.files() == Files{"bad.lackey", "program.lackey"});
    CHECK(workplace.contents_of("program.lackey") == lackey);
}

}  // namespace mmusim::tests::trace_command_test
