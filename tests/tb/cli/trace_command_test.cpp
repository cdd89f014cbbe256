// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"
#include "tests/tb/trace/trace_layouts.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
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
          "program.lackey: 4 accesses\n"
          "  fetch             1  25.00 %\n"
          "  read              2  50.00 %\n"
          "  write             1  25.00 %\n"
          "  across two pages  2  50.00 %\n"
          "addresses from 0x4025310 to 0x1ffefff003: they fit sv39\n"
          "\n"
          "pages touched  pages    memory\n"
          "  4KiB             3  12.0 KiB\n"
          "  2MiB             2   4.0 MiB\n"
          "  1GiB             2   2.0 GiB\n"
          "\n"
          "from access on  accesses  4KiB pages  new  so far\n"
          "  0                    4           3    3       3  ########################\n"
          "\n"
          "regions                   to  4KiB pages  fetch  read  write\n"
          "  0x4025000        0x4025fff           1      1     0      0\n"
          "  0x1ffeffe000  0x1ffeffffff           2      0     2      2\n");
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
               Catch::StartsWith("part.mmutrace: 2 accesses\n"));
}

TEST_CASE("trace info --json has every figure, and - is nothing else") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    const Outcome outcome =
        workplace.mmusim({"trace", "info", "program.lackey", "--json", "-", "--interval", "2"});
    CHECK(outcome.status == 0);
    const nlohmann::json info = nlohmann::json::parse(outcome.output);
    CHECK(info.at("schema") == "mmusim-trace-info");
    CHECK(info.at("workload").at("trace") == "program.lackey");
    const nlohmann::json& trace = info.at("trace");
    CHECK(trace.at("accesses") == 4);
    CHECK(trace.at("accesses_by_type").at("read") == 2);
    CHECK(trace.at("highest_address") == 0x1ffefff003);
    CHECK(trace.at("footprint").at("4KiB").at("pages") == 3);
    CHECK(trace.at("intervals").size() == 2);
    CHECK(trace.at("intervals").at(1).at("new_pages") == 1);
    CHECK(trace.at("smallest_mode") == "sv39");

    CHECK(workplace.mmusim({"trace", "info", "program.lackey", "--json", "i.json"}).output ==
          workplace.mmusim({"trace", "info", "program.lackey"}).output);
    CHECK(workplace.json_of("i.json").at("trace").at("accesses") == 4);
}

TEST_CASE("trace info that is asked for what cannot be says so") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    CHECK(complains(workplace.mmusim({"trace", "info", "program.lackey", "--interval", "0"}),
                    "--interval 0: expected at least 1 access"));
    CHECK(complains(
        workplace.mmusim({"trace", "info", "program.lackey", "--json", "./program.lackey"}),
        "./program.lackey: is an input of this run, expected another file"));
    CHECK(
        complains(workplace.mmusim({"trace", "info", "program.lackey", "--format", "dim"}),
                  "trace format \"dim\" is unknown, expected one of lackey, champsim, cloudsuite, "
                  "din, drmemtrace, binary; did you mean din?"));
    CHECK(workplace.contents_of("program.lackey") == lackey);
}

TEST_CASE("a trace converted to text is told what it loses") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    const Outcome din = workplace.mmusim({"trace", "convert", "program.lackey", "-o", "a.din"});
    CHECK(din.status == 0);
    CHECK_THAT(din.errors, Catch::EndsWith("lost, since din holds no sizes: those of 4 accesses; 2 "
                                           "that cross a page are two there\n"));
    CHECK(workplace.contents_of("a.din") ==
          "2 4025310\n0 1ffeffe7e8\n0 1ffeffeffc\n0 1ffefff000\n1 1ffeffeffc\n1 1ffefff000\n");
    const Outcome text =
        workplace.mmusim({"trace", "convert", "a.din", "-o", "b", "--to", "lackey"});
    CHECK(text.status == 0);
    CHECK_THAT(text.errors, !Catch::Contains("lost"));
    CHECK_THAT(workplace.contents_of("b"), Catch::StartsWith("I  04025310,1\n L 1ffeffe7e8,1\n"));
    CHECK(complains(workplace.mmusim({"trace", "convert", "a.din", "-o", "c.champsim"}),
                    "c.champsim: is named as a trace in the format champsim, which cannot be "
                    "written, expected another name or --to with one of binary, lackey, din"));
}

TEST_CASE("trace commands explain themselves") {
    const Workplace workplace;
    const std::string trace = workplace.mmusim({"trace", "--help"}).output;
    for (const char* const format :
         {"lackey", "champsim", "cloudsuite", "din", "drmemtrace", "binary"}) {
        CHECK_THAT(trace, Catch::Contains(std::string("\n  ") + format + " "));
    }
    for (const char* const command : {"info", "convert"}) {
        const std::string help = workplace.mmusim({"trace", command, "--help"}).output;
        CHECK_THAT(help, Catch::Contains("Workload:") && Catch::Contains("Output:") &&
                             Catch::Contains("Examples:\n  mmusim trace "));
    }
}

TEST_CASE("traces of every format run, each as its contents or its name tell") {
    struct Row {
        const char* name;
        std::string bytes;
        std::uint64_t accesses;
        std::uint64_t translations;
    };
    const InputInstruction instruction{.ip = 0x1000, .source_memory = {0x2000, 0x3000}};
    const CloudsuiteInstruction cloudsuite{.ip = 0x1000, .destination_memory = {1, 2, 3, 4}};
    const std::array<Row, 5> rows{
        {{.name = "a.lackey", .bytes = lackey, .accesses = 4, .translations = 6},
         {.name = "a.champsim",
          .bytes = record_of(instruction) + record_of(instruction),
          .accesses = 6,
          .translations = 6},
         {.name = "a.cloudsuite", .bytes = record_of(cloudsuite), .accesses = 5, .translations = 5},
         {.name = "a", .bytes = "2 1fff\n0 2000\n4 0\n", .accesses = 2, .translations = 2},
         {.name = "a.memtrace",
          .bytes = record_of(TraceEntry{trace_type::read, 8, 0x1ffc}),
          .accesses = 1,
          .translations = 2}}};
    const Workplace workplace;
    for (const Row& row : rows) {
        INFO(row.name);
        static_cast<void>(workplace.file(row.name, row.bytes));
        const Outcome outcome =
            workplace.mmusim({"run", "--preset", "plain", "--json", "-", row.name});
        REQUIRE(outcome.status == 0);
        const auto totals = nlohmann::json::parse(outcome.output).at("totals");
        CHECK(totals.at("accesses") == row.accesses);
        CHECK(totals.at("translations") == row.translations);
    }
    static_cast<void>(workplace.file("b", record_of(cloudsuite)));
    CHECK(workplace.mmusim({"run", "--format", "cloudsuite", "b"}).status == 0);
    CHECK_THAT(workplace.mmusim({"run", "--format", "din", "b"}).errors,
               Catch::StartsWith(R"(mmusim: b:1: found "\x00\x10\x00)"));
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
