// SPDX-License-Identifier: Apache-2.0
// Each row of --what-if is the same run with that part set ideal by hand.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tests::what_if_test {

namespace {

using nlohmann::json;
using Arguments = std::vector<std::string>;

const std::string query = MMUSIM_TRACES "/sqlite-group-by.mmutrace.xz";

// Faults of many kinds: anonymous, copied, of a file that is cold, swapped; and fences.
const std::string day =
    "set os.user_frames=48\n"
    "file data 128KiB cold\n"
    "process P\n"
    "P map heap 128KiB anon private rw\n"
    "P map library 128KiB file data private rw\n"
    "P write heap\n"
    "P read library\n"
    "P write library count 4\n"
    "P fork Q\n"
    "Q write heap\n"
    "P read heap\n"
    "P protect heap r\n"
    "P write heap\n"
    "P protect heap rw\n"
    "P write heap\n"
    "P unmap library\n"
    "Q exit\n"
    "P read heap repeat 3\n";

Arguments joined(Arguments arguments, const Arguments& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

json result_of(const Workplace& place, const Arguments& arguments) {
    const Outcome outcome = place.mmusim(joined({"run", "--json", "-"}, arguments));
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    REQUIRE(outcome.errors.empty());
    return json::parse(outcome.output);
}

// Runs it, and each of its ideals once more as a person would.
std::map<std::string, std::int64_t> check_rows_by_hand(const Workplace& place,
                                                       const Arguments& workload) {
    json whole = result_of(place, joined(workload, {"--what-if"}));
    const json rows = whole["what_if"];
    whole.erase("what_if");
    // The run itself is none the worse for the others.
    CHECK(whole == result_of(place, workload));

    std::map<std::string, std::int64_t> saved;
    for (const json& row : rows) {
        INFO(row.dump());
        Arguments by_hand = workload;
        for (const json& setting : row["settings"]) {
            by_hand.insert(by_hand.end(), {"--set", setting.get<std::string>()});
        }
        const json expected = result_of(place, by_hand)["totals"]["cycles"];
        CHECK(row["cycles"] == expected);
        CHECK(row["saved_cycles"].get<std::int64_t>() ==
              whole["totals"]["cycles"].get<std::int64_t>() - expected.get<std::int64_t>());
        saved[row["ideal"]] = row["saved_cycles"];
    }
    return saved;
}

}  // namespace

TEST_CASE("what if: a trace on the default machine, each row again by hand") {
    const Workplace place;
    const auto saved = check_rows_by_hand(place, {"--limit", "30000", "--warmup", "1000", query});
    CHECK(saved.size() == 7);
    CHECK(saved.at("perfect_l1") > 0);
    CHECK(saved.at("perfect_l1") > saved.at("perfect_l2"));
    CHECK(saved.at("free_faults") > 0);
}

TEST_CASE("what if: a script with faults on the default machine, each row again by hand") {
    const Workplace place;
    const std::string script = place.file("day.workload", day);
    const auto saved = check_rows_by_hand(place, {"--workload", script});
    CHECK(saved.at("free_faults") > saved.at("perfect_l1"));
    CHECK(saved.at("free_fences") > 0);
    CHECK(saved.at("perfect_walk_cache") >= 0);
}

TEST_CASE("what if: two processes on a wide machine without walk cache, judged in every row") {
    const Workplace place;
    const std::string gups = "generate:gups,accesses=3000,footprint=4MiB";
    const auto saved =
        check_rows_by_hand(place, {"--preset", "plain", "--check", "--set", "cpu.max_outstanding=8",
                                   "--set", "tlbs.l1d.mshrs=8", "--set", "tlbs.l2.mshrs=8", gups,
                                   "generate:chase,accesses=3000,footprint=4MiB"});
    CHECK(saved.at("perfect_walk_cache") > 0);
    CHECK(saved.at("unlimited_walkers") > 0);
    CHECK(saved.at("pte_reads_hit") > 0);
}

TEST_CASE("what if: the table names each ideal and the settings to repeat it by hand") {
    const Workplace place;
    const Outcome outcome = place.mmusim(
        {"run", "--preset", "plain", "--what-if", "generate:gups,accesses=500,footprint=1MiB"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK_THAT(outcome.output, Catch::Contains("\nWhat if"));
    CHECK_THAT(outcome.output,
               Catch::Contains("\n  perfect_l1: tlbs.l1i.perfect=true tlbs.l1d.perfect=true\n"));
    CHECK_THAT(outcome.output, Catch::Contains("\n  unlimited_walkers: walker.count=1\n"));
}

TEST_CASE("what if: a trace that can be read once only is refused before the run") {
    const Workplace place;
    const Outcome trace =
        place.shell("printf ' L 40000000,8\\n' | $mmusim run --what-if --format lackey /dev/stdin");
    CHECK(complains(trace,
                    "/dev/stdin: is no regular file, expected one: --what-if reads "
                    "traces twice"));
    const std::string script = place.file("pipe.workload", "process P\nP trace /dev/stdin\n");
    const Outcome in_script =
        place.shell("printf ' L 40000000,8\\n' | $mmusim run --what-if --workload " + script);
    CHECK(complains(in_script,
                    "/dev/stdin: is no regular file, expected one: --what-if "
                    "reads traces twice"));
}

TEST_CASE("what if: an input that is wrong is told once, and nothing is left") {
    const Workplace place;
    const std::string trace = place.file("t.lackey", " L 40000000,8\nnonsense\n");
    const Outcome outcome = place.mmusim({"run", "--what-if", "--json", "r.json", trace});
    CHECK(outcome.status == 2);
    CHECK(outcome.output.empty());
    CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    CHECK(place.files() == std::vector<std::string>{"t.lackey"});
}

// While a fault takes 2,000 cycles, nfu finds the first page used at more ticks than any other and
// keeps it. When faults are free, no tick falls into the run, and the page that came first leaves.
TEST_CASE("what if: an ideal whose run fails says why, and the status is 1") {
    const Workplace place;
    const std::string script = place.file(
        "ticks.workload",
        "set os.user_frames=3\nset os.page_replacement=nfu\nset os.replacement_tick_cycles=1000\n"
        "set os.fault_entry_cycles=2000\nset os.swap.size_bytes=1MiB\n"
        "process P\nP map pages 64KiB anon private rw\n"
        "P write pages +0\nP write pages +4096\nP write pages +0\nP write pages +8192\n"
        "P write pages +0\nP write pages +12288\nP write pages +0\nexpect major 0\n");
    const Outcome outcome = place.mmusim(
        {"run", "--preset", "plain", "--what-if", "--json", "r.json", "--workload", script});
    INFO(outcome.errors);
    CHECK(outcome.status == 1);
    const json rows = place.json_of("r.json").at("what_if");
    for (const json& row : rows) {
        INFO(row.dump());
        if (row.at("ideal") == "free_faults") {
            CHECK(row.at("cycles").is_null());
            CHECK_THAT(row.at("error").get<std::string>(),
                       Catch::Contains("ticks.workload:15: expected major 0"));
        } else {
            CHECK(row.at("cycles").is_number());
        }
    }
}

TEST_CASE("what if: an interrupted run ends the others too, and says so in their rows") {
    const Workplace place;
    const Outcome outcome =
        place.mmusim_with_signal(SIGINT, 1,
                                 {"run", "--preset", "plain", "--what-if", "--json", "r.json",
                                  "generate:gups,accesses=1000000000000,footprint=64KiB"});
    CHECK(outcome.status == 130);
    CHECK(outcome.errors.empty());
    const json result = place.json_of("r.json");
    CHECK(result.at("interrupted") == true);
    CHECK(result.at("what_if").at(0).at("error") == "interrupted");
    CHECK(result.at("what_if").at(0).at("cycles").is_null());
}

}  // namespace mmusim::tests::what_if_test
