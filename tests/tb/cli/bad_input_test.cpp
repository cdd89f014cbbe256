// SPDX-License-Identifier: Apache-2.0
// What a person gets for bad input: one clear message, exit status 2, and no file.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace mmusim::tests::bad_input_test {

namespace {

using Arguments = std::vector<std::string>;
using Files = std::vector<std::string>;

const Files no_files;

const std::string short_program = "generate:gups,accesses=100,footprint=64KiB";

const std::string see_help = "\nmmusim: see mmusim --help, or mmusim run --help";

struct Row {
    Arguments arguments;
    std::string message;
};

void check_complaints(const std::vector<Row>& rows) {
    const Workplace workplace;
    for (const Row& row : rows) {
        Arguments arguments{"run", "--json", "result.json"};
        arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
        const Outcome outcome = workplace.mmusim(arguments);
        CHECK(outcome.errors == "mmusim: " + row.message + "\n");
        CHECK(outcome.output.empty());
        CHECK(outcome.status == 2);
    }
    CHECK(workplace.files() == no_files);
}

constexpr const char* lackey = "I  04025310,3\n L 1ffeffe7e8,8\n S 1ffeffe7e0,8\n";

}  // namespace

TEST_CASE("a wrong command line is answered with what is wrong in it") {
    check_complaints({
        {{}, "run: no trace, expected at least one TRACE, or --workload FILE"},
        {{"--bogus", short_program}, "The following argument was not expected: --bogus" + see_help},
        {{"--preset", "nope", short_program},
         "--preset nope: no such preset; there are: boom-large, champsim-default, cortex-a72, "
         "cortex-a76, cva6-sv32, cva6-sv39, default, drcachesim-default, gem5-riscv-default, "
         "golden-cove, plain, rocket, skylake, wally, xiangshan-kunminghu, zen4"},
        {{"--format", "elf", short_program},
         R"(trace format "elf" is unknown, expected one of lackey, champsim, cloudsuite, din, drmemtrace, binary)"},
        {{"--vcd-from", "7", short_program},
         "--vcd-from and --vcd-to: no wave file, expected --vcd FILE too"},
        {{"--vcd", "w.vcd", "--vcd-from", "7", "--vcd-to", "6", short_program},
         "--vcd-to 6: before --vcd-from 7, expected not before"},
        {{"--vcd-around", "fault:1", short_program},
         "--vcd-around: no wave file, expected --vcd FILE too"},
        {{"--vcd", "w.vcd", "--vcd-before", "7", short_program},
         "--vcd-before and --vcd-after: no event, expected --vcd-around EVENT too"},
        {{"--vcd", "w.vcd", "--vcd-around", "fault:1", "--vcd-to", "7", short_program},
         "--vcd-around and --vcd-from or --vcd-to: expected one way to name the window"},
        {{"--vcd", "w.vcd", "--vcd-around", "miss:1", short_program},
         R"(--vcd-around "miss:1": is no event, expected fault:N or walk:N with N from 1, or )"
         "va:ADDRESS"},
        {{"--events-hits", short_program},
         "--events-limit and --events-hits: no events file, expected --events FILE too"},
        {{"--events", "same", "--log", "same", short_program},
         "same: is named for two outputs, expected two files"},
        {{"generate:nothing"},
         R"(generate:nothing: unknown generator "nothing", expected one of sequential, stride, )"
         "random, chase, gups, zipf"},
    });
}

TEST_CASE("a number that is none is answered with what was expected") {
    const auto complaint = [](const std::string& option, const std::string& value) {
        return Row{{option, value, short_program},
                   option + ": \"" + value + "\", expected a whole number below 2^64" + see_help};
    };
    check_complaints({
        complaint("--limit", "many"),
        complaint("--limit", "-1"),
        complaint("--limit", "1e6"),
        complaint("--limit", "1.5"),
        complaint("--limit", ""),
        complaint("--limit", "18446744073709551616"),
        complaint("--warmup", "x"),
        complaint("--interval", "-7"),
        complaint("--seed", "0x"),
    });
}

TEST_CASE("an unknown command is named") {
    const Workplace workplace;
    CHECK(complains(workplace.mmusim({"rum"}),
                    "rum: no such command, expected one of run, sweep, explore, explain, report, "
                    "trace, config, walk"));
    CHECK(complains(workplace.mmusim({"trace", "show"}),
                    "show: no such command, expected one of info, convert, record"));
}

TEST_CASE("nothing to measure is an error") {
    check_complaints({
        {{"--limit", "50", "--warmup", "50", short_program},
         "--limit 50: nothing is left to measure after --warmup 50, expected a higher limit"},
        {{"--warmup", "100", short_program},
         "--warmup 100: the traces end before, expected fewer accesses than they have"},
        {{"--warmup", "1000", short_program},
         "--warmup 1000: the traces end before, expected fewer accesses than they have"},
    });
}

TEST_CASE("an unknown key is answered with the nearest, an impossible value with the rule") {
    check_complaints({
        {{"--set", "tlbs.l1d.set=4", short_program},
         "tlbs.l1d.set = 4: no such key; the nearest is tlbs.l1d.sets"},
        {{"--set", "tlbs.l1d.sets=0", short_program},
         "tlbs.l1d.sets = 0: must be a whole number from 1 to 1048576"},
        {{"--set", "tlbs.l1d.ways", short_program}, "--set tlbs.l1d.ways: expected KEY=VALUE"},
    });
}

TEST_CASE("all problems of a configuration are told at once") {
    check_complaints({{{"--set", "tlbs.l1d.set=4", "--set", "tlbs.l2.ways=0", "--set",
                        "memory.kind=flash", short_program},
                       "tlbs.l1d.set = 4: no such key; the nearest is tlbs.l1d.sets\n"
                       "mmusim: tlbs.l2.ways = 0: must be a whole number from 1 to 4096\n"
                       "mmusim: memory.kind = \"flash\": must be fixed or dram"}});
}

TEST_CASE("a trace that is missing, empty, or no trace is named") {
    const Workplace workplace;
    static_cast<void>(workplace.file("empty.lackey", ""));
    static_cast<void>(workplace.file("silent.lackey", "==12== nothing was accessed\n"));
    static_cast<void>(workplace.file("notes.txt", "dear diary\n"));
    std::filesystem::create_directory(workplace.path_of("folder"));
    const auto run = [&](const std::string& trace) {
        return workplace.mmusim({"run", "--json", "result.json", trace});
    };
    CHECK(complains(run("missing.lackey"),
                    "missing.lackey: No such file or directory, expected a readable file"));
    CHECK(complains(run("folder"), "folder: is a directory, expected a readable file"));
    CHECK(complains(run("empty.lackey"), "empty.lackey: is empty, expected a readable file"));
    CHECK(complains(run("silent.lackey"),
                    "silent.lackey: the trace has no access, expected at least one"));
    CHECK(complains(run("notes.txt"),
                    "notes.txt: begins with \"dear diary\", expected a trace in "
                    "one of the formats lackey, champsim, cloudsuite, din, drmemtrace, binary"));
    CHECK(workplace.files() == Files{"empty.lackey", "folder", "notes.txt", "silent.lackey"});
}

TEST_CASE("a malformed record is named by its line, and nothing of the run remains") {
    const Workplace workplace;
    static_cast<void>(workplace.file("bad.lackey", std::string(lackey) + " L 12x4,8\n"));
    const Outcome outcome = workplace.mmusim(
        {"run", "--json", "r.json", "--accesses", "a.csv", "--vcd", "w.vcd", "bad.lackey"});
    CHECK(outcome.status == 2);
    CHECK(outcome.output.empty());
    CHECK_THAT(outcome.errors, Catch::StartsWith("mmusim: bad.lackey:4: found \" L 12x4,8\", "
                                                 "expected "));
    CHECK(workplace.files() == Files{"bad.lackey"});
}

TEST_CASE("a trace that is cut off is an error, plain or compressed") {
    const Workplace workplace;
    const Outcome made =
        workplace.shell("$mmusim trace convert " MMUSIM_TRACES
                        "/sqlite-group-by.mmutrace.xz --limit 50000 "
                        "-o whole.mmutrace 2>/dev/null && "
                        "$mmusim trace convert whole.mmutrace -o whole.mmutrace.xz 2>/dev/null && "
                        "head -c 10000 whole.mmutrace > cut.mmutrace && "
                        "head -c 5000 whole.mmutrace.xz > cut.mmutrace.xz && "
                        "head -c 4 whole.mmutrace.xz > stub.mmutrace.xz");
    REQUIRE(made.status == 0);
    const Files before = workplace.files();
    for (const std::string trace : {"cut.mmutrace", "cut.mmutrace.xz", "stub.mmutrace.xz"}) {
        const Outcome outcome = workplace.mmusim({"run", "--json", "result.json", trace});
        INFO(outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK_THAT(outcome.errors, Catch::StartsWith("mmusim: " + trace + ":"));
        CHECK_THAT(outcome.errors, Catch::Contains("expected"));
    }
    CHECK(workplace.files() == before);
}

TEST_CASE("an address outside the user half names the mode that would hold it") {
    const Workplace workplace;
    static_cast<void>(workplace.file("high.lackey", " L 7f0012345678,8\n"));
    CHECK(complains(workplace.mmusim({"run", "high.lackey"}),
                    "high.lackey:1: address 0x7f0012345678 (8 bytes) lies outside the user half of "
                    "sv39, which ends at 0x4000000000; expected paging.mode sv48, which would hold "
                    "it"));
    CHECK(workplace.mmusim({"run", "--set", "paging.mode=sv48", "high.lackey"}).status == 0);
}

TEST_CASE("an output that cannot be written is named before the work begins") {
    const Workplace workplace;
    // So long a run would not be over within the test's time.
    const std::string endless = "generate:gups,accesses=1000000000000";
    const auto run = [&](const std::string& option, const std::string& path) {
        return workplace.mmusim({"run", option, path, endless});
    };
    for (const std::string option : {"--json", "--accesses"}) {
        CHECK(complains(run(option, "nowhere/x"),
                        "nowhere/x: No such file or directory, expected a file that can be "
                        "written"));
        CHECK(
            complains(run(option, "."), ".: Is a directory, expected a file that can be written"));
    }
    CHECK(workplace.files() == no_files);
}

TEST_CASE("waves that cannot be written are an error") {
    const Workplace workplace;
    CHECK(complains(workplace.mmusim({"run", "--vcd", "nowhere/w.vcd", short_program}),
                    "nowhere/w.vcd: No such file or directory, expected a file that can be "
                    "written"));
    CHECK(workplace.files() == no_files);
}

TEST_CASE("a full device is an error, wherever it comes") {
    const Workplace workplace;
    for (const std::string option : {"--json", "--accesses"}) {
        CHECK(complains(workplace.mmusim({"run", option, "/dev/full", short_program}),
                        "/dev/full: No space left on device, expected a file that can be written"));
    }
    const Outcome report = workplace.shell("$mmusim run " + short_program + " > /dev/full");
    CHECK(report.status == 2);
    CHECK(report.errors == "mmusim: standard output: cannot be written\n");
    CHECK(workplace.files() == no_files);
}

TEST_CASE("an input is never overwritten") {
    const Workplace workplace;
    static_cast<void>(workplace.file("program.lackey", lackey));
    static_cast<void>(workplace.file("machine.json", "{}\n"));
    std::filesystem::create_symlink("program.lackey", workplace.path_of("alias"));
    for (const std::string option : {"--json", "--accesses", "--vcd", "--events", "--log"}) {
        for (const std::string output :
             {"program.lackey", "./program.lackey", "alias", "machine.json"}) {
            CHECK(complains(
                workplace.mmusim({"run", "-c", "machine.json", option, output, "program.lackey"}),
                output + ": is an input of this run, expected another file"));
        }
    }
    CHECK(workplace.contents_of("program.lackey") == lackey);
    CHECK(workplace.contents_of("machine.json") == "{}\n");
    CHECK(workplace.files() == Files{"alias", "machine.json", "program.lackey"});
}

TEST_CASE("two outputs do not share a file") {
    const Workplace workplace;
    CHECK(complains(workplace.mmusim({"run", "--json", "x", "--accesses", "./x", short_program}),
                    "./x: is named for two outputs, expected two files"));
    CHECK(workplace.files() == no_files);
}

TEST_CASE("a wave window after the end of the run is an error, and leaves nothing") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.mmusim({"run", "--preset", "plain", "--json", "r.json", "--vcd", "w.vcd",
                          "--vcd-from", "100000000", short_program});
    CHECK(outcome.status == 2);
    CHECK(outcome.output.empty());
    CHECK_THAT(outcome.errors,
               Catch::Matches("mmusim: --vcd-from 100000000: the simulation ends at cycle "
                              "[0-9]+, expected an earlier cycle\n"));
    CHECK(workplace.files() == no_files);
}

TEST_CASE("a configuration file that cannot be used is named, with its place") {
    const Workplace workplace;
    static_cast<void>(workplace.file("broken.json", "{\n  \"seed\": }\n"));
    const Outcome missing = workplace.mmusim({"run", "-c", "missing.json", short_program});
    CHECK(missing.status == 2);
    CHECK_THAT(missing.errors, Catch::StartsWith("mmusim: missing.json: "));
    const Outcome broken = workplace.mmusim({"run", "-c", "broken.json", short_program});
    CHECK(broken.status == 2);
    CHECK_THAT(broken.errors, Catch::StartsWith("mmusim: broken.json:2: "));
}

}  // namespace mmusim::tests::bad_input_test
