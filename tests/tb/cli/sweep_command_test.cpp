// SPDX-License-Identifier: Apache-2.0
// A sweep is its points: each is what `run` gives, in whatever order and on however many machines
// they were done, and however often the sweep was interrupted.
#include "tb/sweep/checksum.hpp"
#include "tb/sweep/csv.hpp"
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

namespace mmusim::tests::sweep_command_test {

namespace {

using Arguments = std::vector<std::string>;
using Files = std::vector<std::string>;
using nlohmann::json;
using nlohmann::ordered_json;
using tb::CsvRow;

const std::string short_program = "generate:zipf,accesses=3000,footprint=1MiB";

// For the shell: waits until the journal has a line behind its first, or the sweep is over.
const std::string until_first_outcome =
    "while kill -0 $sweep && ! [ \"$(cat out.csv.partial | wc -l)\" -ge 2 ]; do sleep 0.01; done "
    "2>/dev/null; ";

// The journal as it would be if the first outcome had other totals.
[[nodiscard]] std::string with_other_accesses(const std::string& journal) {
    constexpr std::size_t sum_and_space = 17;
    const std::string accesses = "\"accesses\":3000000";
    const std::size_t first_outcome = journal.find('\n') + 1;
    const std::size_t end = journal.find('\n', first_outcome);
    std::string line =
        journal.substr(first_outcome + sum_and_space, end - first_outcome - sum_and_space);
    line.replace(line.find(accesses), accesses.size(), "\"accesses\":1234567");
    return journal.substr(0, first_outcome) + fmt::format("{:016x} {}\n", tb::checksum(line), line);
}

[[nodiscard]] Arguments with(Arguments arguments, const Arguments& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

const Arguments shapes{"sweep", "--preset",          "plain",      "-L", "tlbs.l1d.sets=1:16:x4",
                       "-L",    "tlbs.l1d.ways=1,3", short_program};

/// The rows of a table under the names of its columns.
[[nodiscard]] std::vector<std::map<std::string, std::string>> rows_of(const std::string& table) {
    const std::vector<CsvRow> rows = tb::parse_csv(table, "the table");
    std::vector<std::map<std::string, std::string>> named;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        REQUIRE(rows[row].size() == rows.front().size());
        auto& cells = named.emplace_back();
        for (std::size_t column = 0; column < rows[row].size(); ++column) {
            cells[rows.front()[column]] = rows[row][column];
        }
    }
    return named;
}

[[nodiscard]] std::vector<json> lines_of(const std::string& text) {
    std::vector<json> lines;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', begin)) {
        lines.push_back(json::parse(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    CHECK(begin == text.size());
    return lines;
}

// "tlbs.l1d.misses" of a result, as text.
[[nodiscard]] std::string figure_at(const json& result, const std::string& name) {
    std::string pointer = "/" + name;
    for (char& letter : pointer) {
        letter = letter == '.' ? '/' : letter;
    }
    return result.at(json::json_pointer(pointer)).dump();
}

[[nodiscard]] json run_by_hand(const Workplace& workplace, const Arguments& more) {
    const Outcome outcome = workplace.mmusim(with({"run", "--json", "-"}, more));
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

[[nodiscard]] std::string table_of(const Workplace& workplace, const Arguments& arguments) {
    const Outcome outcome = workplace.mmusim(with(arguments, {"--csv", "-"}));
    INFO(outcome.errors);
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    return outcome.output;
}

// Whether every column of a row that the run has too is equal.
void check_is_run(const std::map<std::string, std::string>& row, const json& run) {
    std::size_t compared = 0;
    for (const auto& [column, cell] : row) {
        const std::string section = column.substr(0, column.find('.'));
        if (run.contains(section) && column != "seed") {
            CHECK(cell == figure_at(run, column));
            ++compared;
        }
    }
    CHECK(compared > 100);
}

}  // namespace

TEST_CASE("each row of a sweep is the run of its point") {
    const Workplace workplace;
    const auto rows = rows_of(table_of(workplace, shapes));
    REQUIRE(rows.size() == 6);
    const std::vector<std::pair<std::string, std::string>> points{
        {"1", "1"}, {"1", "3"}, {"4", "1"}, {"4", "3"}, {"16", "1"}, {"16", "3"}};
    for (std::size_t point = 0; point < points.size(); ++point) {
        const auto& [sets, ways] = points[point];
        CAPTURE(sets, ways);
        const auto& row = rows[point];
        CHECK(row.at("tlbs.l1d.sets") == sets);
        CHECK(row.at("tlbs.l1d.ways") == ways);
        CHECK(row.at("error").empty());
        auto figures = row;
        figures.erase("tlbs.l1d.sets");
        figures.erase("tlbs.l1d.ways");
        const json run =
            run_by_hand(workplace, {"--preset", "plain", "--set", "tlbs.l1d.sets=" + sets, "--set",
                                    "tlbs.l1d.ways=" + ways, short_program});
        check_is_run(figures, run);
        const double cycles = run.at("totals").at("cycles").get<double>();
        const double translations = run.at("totals").at("translations").get<double>();
        CHECK(std::stod(row.at("derived.cycles_per_translation")) == cycles / translations);
        CHECK(std::stod(row.at("derived.misses_per_1000_accesses.l1d")) ==
              run.at("tlbs").at("l1d").at("misses").get<double>() / 3);
        CHECK(std::stod(row.at("derived.walks_per_1000_accesses")) ==
              run.at("walker").at("walks").get<double>() / 3);
    }
    CHECK(workplace.files().empty());
}

TEST_CASE("each line of a sweep has the whole result of its point") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim(with(shapes, {"--json", "-"}));
    CHECK(outcome.status == 0);
    const std::vector<json> lines = lines_of(outcome.output);
    REQUIRE(lines.size() == 6);
    for (std::size_t point = 0; point < lines.size(); ++point) {
        const json& line = lines[point];
        CHECK(line.at("schema") == "mmusim-sweep-point");
        CHECK(line.at("point") == point);
        CHECK(line.at("points") == 6);
        CHECK(line.at("error").is_null());
        const json& keys = line.at("keys");
        json run = run_by_hand(
            workplace,
            {"--preset", "plain", "--set", "tlbs.l1d.sets=" + keys.at("tlbs.l1d.sets").dump(),
             "--set", "tlbs.l1d.ways=" + keys.at("tlbs.l1d.ways").dump(), short_program});
        json result = line.at("result");
        result.erase("derived");
        run.erase("derived");
        CHECK(result == run);
    }
}

TEST_CASE("traces, warm-up, limit, seed, configuration files and scripts are those of run") {
    const Workplace workplace;
    static_cast<void>(workplace.file("m.json", R"({"tlbs": {"l2": {"ways": 2}}})"));
    static_cast<void>(workplace.file("s.workload",
                                     "set memory.latency_cycles=30\n"
                                     "process p\n"
                                     "p map r 256KiB anon private rw\n"
                                     "p write r repeat 3\n"));
    static_cast<void>(workplace.shell("$mmusim trace convert " MMUSIM_TRACES
                                      "/sqlite-group-by.mmutrace.xz -o t.mmutrace"));
    const std::vector<Arguments> rows{
        {"--warmup", "1000", "--limit", "9000", "t.mmutrace", short_program},
        {"--preset", "plain", "--seed", "9", "-c", "m.json", "--set", "tlbs.l1d.ways=2",
         "generate:random,accesses=2000"},
        {"--preset", "plain", "--workload", "s.workload", "--check"},
    };
    for (const Arguments& row : rows) {
        CAPTURE(row);
        const auto table = rows_of(table_of(
            workplace, with({"sweep", "-L", "tlbs.l1i.sets=2", "-L", "walker.count=1,2"}, row)));
        REQUIRE(table.size() == 2);
        for (const std::string count : {"1", "2"}) {
            const json run = run_by_hand(
                workplace,
                with({"--set", "tlbs.l1i.sets=2", "--set", "walker.count=" + count}, row));
            auto figures = table[count == "1" ? 0 : 1];
            CHECK(figures.at("walker.count") == count);
            figures.erase("walker.count");
            figures.erase("tlbs.l1i.sets");
            check_is_run(figures, run);
        }
    }
}

TEST_CASE("a sweep gives the same bytes with any number of jobs, and twice") {
    const Workplace workplace;
    const auto outputs = [&](const std::string& name, const std::string& jobs) {
        const Outcome outcome = workplace.mmusim(
            with(shapes, {"--csv", name + ".csv", "--json", name + ".jsonl", "--jobs", jobs}));
        CHECK(outcome.status == 0);
        CHECK(outcome.errors.empty());
        return std::vector<std::string>{outcome.output, workplace.contents_of(name + ".csv"),
                                        workplace.contents_of(name + ".jsonl")};
    };
    const auto one = outputs("one", "1");
    CHECK(outputs("four", "4") == one);
    CHECK(outputs("again", "4") == one);
    CHECK(workplace.files() ==
          Files{"again.csv", "again.jsonl", "four.csv", "four.jsonl", "one.csv", "one.jsonl"});
}

TEST_CASE("shards merged are the whole sweep, byte for byte") {
    const Workplace workplace;
    REQUIRE(workplace.mmusim(with(shapes, {"--csv", "all.csv", "--json", "all.jsonl"})).status ==
            0);
    Arguments lines{"sweep", "--merge"};
    Arguments tables{"sweep", "--merge"};
    for (const std::string shard : {"3", "0", "2", "1"}) {
        REQUIRE(workplace
                    .mmusim(with(shapes, {"--shard", shard + "/4", "--csv", shard + ".csv",
                                          "--json", shard + ".jsonl"}))
                    .status == 0);
        lines.push_back(shard + ".jsonl");
        tables.push_back(shard + ".csv");
    }
    const Outcome merged =
        workplace.mmusim(with(lines, {"--csv", "merged.csv", "--json", "merged.jsonl"}));
    CHECK(merged.status == 0);
    CHECK(workplace.contents_of("merged.csv") == workplace.contents_of("all.csv"));
    CHECK(workplace.contents_of("merged.jsonl") == workplace.contents_of("all.jsonl"));
    CHECK_THAT(merged.output, Catch::StartsWith("6 points\n"));

    CHECK(workplace.mmusim(with(tables, {"--csv", "-"})).status == 2);
    const Outcome table = workplace.mmusim(
        with(tables, {"-L", "tlbs.l1d.sets=1,4,16", "-L", "tlbs.l1d.ways=1,3", "--csv", "-"}));
    CHECK(table.status == 0);
    CHECK(table.output == workplace.contents_of("all.csv"));

    lines.pop_back();
    const Outcome missing = workplace.mmusim(with(lines, {"--csv", "missing.csv"}));
    CHECK(complains(missing,
                    "--merge: 2 of 6 points are missing, of them 1, 5; expected the "
                    "outputs of all shards"));
    CHECK_FALSE(std::filesystem::exists(workplace.path_of("missing.csv")));
}

TEST_CASE("a point that fails is told, and the others go on") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.mmusim({"sweep", "--preset", "plain", "--csv", "out.csv", "--json", "out.jsonl",
                          "-L", "tlbs.l1d.sets=4,0,8", short_program});
    CHECK(outcome.status == 1);
    CHECK_THAT(outcome.output, Catch::StartsWith("3 points, 1 failed\n"));
    CHECK(outcome.errors ==
          "mmusim: point 1 (tlbs.l1d.sets=0): tlbs.l1d.sets = 0: must be a whole "
          "number from 1 to 1048576\n");
    const auto rows = rows_of(workplace.contents_of("out.csv"));
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].at("error") == "tlbs.l1d.sets = 0: must be a whole number from 1 to 1048576");
    CHECK(rows[1].at("totals.cycles").empty());
    CHECK_FALSE(rows[2].at("totals.cycles").empty());
    const std::vector<json> lines = lines_of(workplace.contents_of("out.jsonl"));
    CHECK(lines.at(1).at("result").is_null());
    CHECK(lines.at(1).at("error") == rows[1].at("error"));
}

TEST_CASE("an expectation that fails at one point is that point's error") {
    const Workplace workplace;
    static_cast<void>(workplace.file("s.workload",
                                     "file f 64KiB warm\n"
                                     "process p\n"
                                     "p map r 64KiB file f shared r\n"
                                     "p read r\n"
                                     "expect minor 16\n"));
    const Outcome outcome =
        workplace.mmusim({"sweep", "--preset", "plain", "--csv", "-", "-L",
                          "os.fault_around_pages=1,16", "--workload", "s.workload"});
    CHECK(outcome.status == 1);
    const auto rows = rows_of(outcome.output);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("error").empty());
    CHECK(rows[0].at("faults.minor") == "16");
    CHECK_THAT(rows[1].at("error"), Catch::StartsWith("s.workload:5: "));
}

TEST_CASE("a point whose process is killed is told, and the others go on") {
    const Workplace workplace;
    const std::string sweep =
        "$mmusim sweep --preset plain --jobs 1 --csv out.csv "
        "-L tlbs.l1d.sets=1,2 generate:gups,accesses=6000000,footprint=64KiB ";
    // The first process that the sweep makes is its first point.
    const Outcome outcome =
        workplace.shell(sweep +
                        "& sweep=$!; child=; while [ -z \"$child\" ] && kill -0 $sweep; do sleep "
                        "0.01; child=$(cat /proc/$sweep/task/$sweep/children); done; "
                        "kill -9 $child; wait $sweep");
    CHECK(outcome.status == 1);
    CHECK_THAT(outcome.output, Catch::StartsWith("2 points, 1 failed\n"));
    CHECK(outcome.errors ==
          "mmusim: point 0 (tlbs.l1d.sets=1): its process was ended by signal 9 "
          "(Killed)\n");
    const auto rows = rows_of(workplace.contents_of("out.csv"));
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("error") == "its process was ended by signal 9 (Killed)");
    CHECK(rows[1].at("error").empty());
}

TEST_CASE("an interrupted sweep writes what was done, and is continued to the same bytes") {
    const Workplace workplace;
    const Arguments sweep{"sweep",
                          "--preset",
                          "plain",
                          "--jobs",
                          "2",
                          "-L",
                          "tlbs.l1d.sets=1:12",
                          "--json",
                          "out.jsonl",
                          "--csv",
                          "out.csv",
                          "generate:gups,accesses=300000,footprint=64KiB"};
    REQUIRE(workplace.mmusim(sweep).status == 0);
    const std::string table = workplace.contents_of("out.csv");
    const std::string lines = workplace.contents_of("out.jsonl");
    std::filesystem::remove(workplace.path_of("out.csv"));
    std::filesystem::remove(workplace.path_of("out.jsonl"));

    // Interrupted when the journal has its first outcome.
    std::string line = "$mmusim";
    for (const std::string& argument : sweep) {
        line += " " + argument;
    }
    const Outcome outcome = workplace.shell(line + " & sweep=$!; " + until_first_outcome +
                                            "kill -TERM $sweep; wait $sweep");
    CHECK(outcome.status == 130);
    CHECK_THAT(outcome.output, Catch::Contains("INTERRUPTED"));
    const auto rows = rows_of(workplace.contents_of("out.csv"));
    REQUIRE(rows.size() == 12);
    std::size_t done = 0;
    for (const auto& row : rows) {
        CHECK((row.at("error").empty() || row.at("error") == "interrupted"));
        CHECK(row.at("error").empty() != row.at("totals.cycles").empty());
        done += row.at("error").empty() ? 1 : 0;
    }
    CHECK(done >= 1);
    CHECK(done < 12);
    CHECK(lines_of(workplace.contents_of("out.jsonl")).size() == 12);
    CHECK(workplace.files() == Files{"out.csv", "out.csv.partial", "out.jsonl"});

    // What is in the journal is not done again.
    const std::string journal = workplace.contents_of("out.csv.partial");
    const Outcome other = workplace.mmusim(with(sweep, {"--resume", "--limit", "7000"}));
    CHECK(complains(other,
                    "out.csv.partial: is of another sweep, which differs in: --limit; "
                    "expected the same options and inputs, or no --resume to begin again"));
    CHECK(workplace.contents_of("out.csv.partial") == journal);

    const Outcome resumed = workplace.mmusim(with(sweep, {"--resume"}));
    CHECK(resumed.status == 0);
    CHECK(workplace.contents_of("out.csv") == table);
    CHECK(workplace.contents_of("out.jsonl") == lines);
    CHECK(workplace.files() == Files{"out.csv", "out.jsonl"});
}

TEST_CASE("what the journal has is not simulated again, and without one a sweep begins") {
    const Workplace workplace;
    const std::string sweep =
        "$mmusim sweep --preset plain -L tlbs.l1d.sets=1,2 --jobs 1 --csv out.csv "
        "generate:gups,accesses=3000000,footprint=64KiB ";
    // Killed with one of its two points done: nothing but the journal is left.
    static_cast<void>(workplace.shell(sweep + "& sweep=$!; " + until_first_outcome +
                                      "kill -9 $sweep; wait $sweep; rm -f .out.csv.*"));
    REQUIRE(workplace.files() == Files{"out.csv.partial"});
    static_cast<void>(workplace.file(
        "out.csv.partial", with_other_accesses(workplace.contents_of("out.csv.partial"))));
    CHECK(workplace.shell(sweep + "--resume").status == 0);
    const auto resumed = rows_of(workplace.contents_of("out.csv"));
    CHECK(resumed.at(0).at("totals.accesses") == "1234567");
    CHECK(resumed.at(1).at("totals.accesses") == "3000000");

    CHECK(workplace.shell(sweep + "--resume").status == 0);
    CHECK(rows_of(workplace.contents_of("out.csv")).at(0).at("totals.accesses") == "3000000");
}

TEST_CASE("an input that changed since the interruption is noticed") {
    const Workplace workplace;
    static_cast<void>(workplace.file("a.lackey", " L 1000,8\n"));
    const std::string sweep =
        "$mmusim sweep --preset plain -L tlbs.l1d.sets=1:50 --jobs 1 --csv out.csv a.lackey ";
    const Outcome outcome =
        workplace.shell(sweep + "generate:gups,accesses=200000 & sweep=$!; " + until_first_outcome +
                        "kill -INT $sweep; wait $sweep; echo ' L 2000,8' >> a.lackey; " + sweep +
                        "generate:gups,accesses=200000 --resume");
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.errors, Catch::Contains("which differs in: the contents of files"));
}

TEST_CASE("all that is wrong with a sweep is said before any work") {
    const Workplace workplace;
    const auto check = [&](const Arguments& arguments, const std::string& message) {
        CHECK(complains(workplace.mmusim(with({"sweep", "--csv", "out.csv"}, arguments)), message));
    };
    check({short_program}, "sweep: no -L, expected at least one -L KEY=VALUE,VALUE…");
    check({"-L", "seed=1,2"}, "sweep: no trace, expected at least one TRACE, or --workload FILE");
    check({"-L", "tlbs.l1d.set=1,2", "-L", "seed=3,3", "-L", "walker.count=", "--jobs", "0",
           "--shard", "2/2", "--repeat", "0", short_program},
          "-L seed=3,3: 3 is in the list twice, expected once\n"
          "mmusim: -L walker.count=: an empty list, expected values\n"
          "mmusim: --jobs 0: expected at least 1\n"
          "mmusim: --repeat 0: expected at least 1\n"
          "mmusim: --shard 2/2: expected I/N, with I from 0 to N - 1\n"
          "mmusim: -L tlbs.l1d.set: no such key; the nearest is tlbs.l1d.sets");
    check({"-L", "seed=1,2", "-L", "seed=3", short_program},
          "-L seed: is swept twice, expected once");
    check({"-L", "tlbs.l1d.sets=1,2", "--set", "tlbs.l1d.sets=4", short_program},
          "tlbs.l1d.sets: is given by --set and by -L, expected one of the two");
    check({"-L", "seed=1,2", "--seed", "4", "--repeat", "2", short_program},
          "seed: is given by --seed and by -L, expected one of the two\n"
          "mmusim: seed: is varied by --repeat and by -L, expected one of the two");
    check({"-L", "walker.count=1,2", "--set", "tlbs.l1d.ways=0", short_program},
          "tlbs.l1d.ways = 0: must be a whole number from 1 to 4096");
    // A trace that is not there is told as run tells it.
    CHECK(workplace.mmusim({"sweep", "--csv", "out.csv", "-L", "walker.count=1,2", "absent.lackey"})
              .errors == workplace.mmusim({"run", "absent.lackey"}).errors);
    CHECK(workplace.files().empty());
    check({"-L", "walker.count=1,2", "--show", "totals.cycle", short_program},
          "--show totals.cycle: no such figure; the nearest is totals.cycles");
    CHECK(complains(workplace.mmusim({"sweep", "-L", "seed=1,2", "--resume", short_program}),
                    "--resume: no output is a file, expected --csv FILE or --json FILE"));
    CHECK(complains(workplace.mmusim({"sweep", "--merge", "--resume", "a.csv"}),
                    "--merge: simulates nothing, expected it without --shard, --resume and "
                    "--workload"));
}

TEST_CASE("a sweep that cannot write its output leaves nothing that looks whole") {
    const Workplace workplace;
    const Outcome full = workplace.mmusim(with(shapes, {"--csv", "/dev/full"}));
    CHECK(full.status == 2);
    CHECK_THAT(full.errors, Catch::StartsWith("mmusim: /dev/full: No space left on device"));
    CHECK_FALSE(std::filesystem::exists("/dev/full.partial"));
    const Outcome absent = workplace.mmusim(with(shapes, {"--csv", "absent/out.csv"}));
    CHECK(absent.status == 2);
    CHECK_THAT(absent.errors, Catch::StartsWith("mmusim: absent/out.csv: "));
    CHECK(workplace.files().empty());
    static_cast<void>(workplace.file("a.lackey", " L 1000,8\n"));
    CHECK(complains(workplace.mmusim({"sweep", "-L", "seed=1,2", "--csv", "a.lackey", "a.lackey"}),
                    "a.lackey: is an input of this run, expected another file"));
}

TEST_CASE("a full disk ends a sweep with nothing that looks whole, and it goes on later") {
    const Workplace workplace;
    // A file system of 64 KiB, which takes part of a journal.
    const Outcome mounted = workplace.shell(
        "mkdir disk && mount -t tmpfs -o size=64k none disk 2>/dev/null && echo mounted");
    if (mounted.output != "mounted\n") {
        WARN("no file system can be mounted here: skipped");
        return;
    }
    const std::string sweep =
        "$mmusim sweep --preset plain -L tlbs.l1d.sets=1:20 --json "
        "disk/out.jsonl " +
        short_program;
    const Outcome full = workplace.shell(sweep);
    const Outcome left = workplace.shell("ls -A disk");
    const Outcome resumed = workplace.shell("mount -o remount,size=4m disk && " + sweep +
                                            " --resume > /dev/null && cp disk/out.jsonl .");
    static_cast<void>(workplace.shell("umount disk"));
    CHECK(full.status == 2);
    CHECK_THAT(full.errors, Catch::Contains("No space left on device"));
    CHECK(left.output == "out.jsonl.partial\n");
    CHECK(resumed.status == 0);
    CHECK(lines_of(workplace.contents_of("out.jsonl")).size() == 20);
}

TEST_CASE("two keys are shown as a heat map, without colours and as wide as a report") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim(with(shapes, {"--show", "l1d.misses"}));
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.output,
               Catch::StartsWith("6 points\n\ntlbs.l1d.misses: tlbs.l1d.sets down, tlbs.l1d.ways "
                                 "across\n\n"));
    CHECK_THAT(outcome.output, Catch::Contains("██") && Catch::Contains("\n 4  "));
    CHECK_THAT(outcome.output, !Catch::Contains("\033"));
}

TEST_CASE("a terminal is shown the time that is left, and colours unless NO_COLOR is set") {
    const Workplace workplace;
    // script(1) makes the terminal.
    const std::string sweep =
        "script --quiet --return --command \"$mmusim sweep --preset plain -L "
        "tlbs.l1d.sets=1,2 -L tlbs.l1d.ways=1,2 " +
        short_program + "\" /dev/null";
    const Outcome coloured = workplace.shell(sweep);
    CHECK(coloured.status == 0);
    CHECK_THAT(coloured.output, Catch::Contains(" of 4 simulations") && Catch::Contains(" left") &&
                                    Catch::Contains("\033[38;5;"));
    const Outcome plain = workplace.shell("NO_COLOR=1 " + sweep);
    CHECK_THAT(plain.output, Catch::Contains("██") && !Catch::Contains("\033[38;5;"));
}

TEST_CASE("one key is shown as a table of the figure and the rates") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.mmusim({"sweep", "--preset", "plain", "-L", "tlbs.l1d.sets=1,2", short_program});
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.output,
               Catch::StartsWith("2 points\n\ntlbs.l1d.sets  cycles/translation  l1i misses  ") &&
                   Catch::Contains("  l1d misses  l2 misses   walks  mean latency\n") &&
                   Catch::EndsWith("\nmisses and walks are for 1,000 accesses\n"));
}

TEST_CASE("a swept point with several seeds has mean and spread, as the runs by hand give them") {
    const Workplace workplace;
    const std::string program = "generate:random,accesses=2000,footprint=1MiB";
    const auto rows =
        rows_of(table_of(workplace, {"sweep", "--preset", "plain", "--seed", "5", "--repeat", "3",
                                     "-L", "tlbs.l1d.ways=1,4", program}));
    REQUIRE(rows.size() == 2);
    for (const auto& row : rows) {
        double sum = 0;
        for (const std::string seed : {"5", "6", "7"}) {
            const json run =
                run_by_hand(workplace, {"--preset", "plain", "--seed", seed, "--set",
                                        "tlbs.l1d.ways=" + row.at("tlbs.l1d.ways"), program});
            sum += run.at("totals").at("cycles").get<double>();
        }
        CHECK(std::stod(row.at("totals.cycles.mean")) == sum / 3);
        CHECK(std::stod(row.at("totals.cycles.spread")) > 0);
        CHECK(std::stod(row.at("totals.accesses.spread")) == 0);
    }
}

TEST_CASE("the help of sweep says how lists are written") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"sweep", "--help"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    for (const std::string text :
         {"-L KEY=LIST", "--repeat", "--jobs", "--shard", "--resume", "--merge", "--csv", "--json",
          "--show", "--preset", "--warmup", "1:64:x2", "A,B=1/2,3/4", "Examples:"}) {
        CHECK_THAT(outcome.output, Catch::Contains(text));
    }
}

}  // namespace mmusim::tests::sweep_command_test
