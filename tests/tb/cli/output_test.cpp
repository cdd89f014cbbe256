// SPDX-License-Identifier: Apache-2.0
// What a run writes, where, and only when asked for.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace mmusim::tests::output_test {

namespace {

using Files = std::vector<std::string>;

const Files no_files;
using nlohmann::json;

const std::string short_program = "generate:gups,accesses=1000,footprint=256KiB";

std::size_t line_count(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a run reports on standard output, says nothing else and leaves no file") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"run", short_program});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK_THAT(outcome.output, Catch::StartsWith("mmusim "));
    CHECK_THAT(outcome.output, Catch::Contains("minor_fault"));
    CHECK(workplace.files() == no_files);
}

TEST_CASE("with --json - there is JSON and nothing else on standard output") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"run", "--json", "-", short_program});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    const json result = json::parse(outcome.output);
    CHECK(result.at("schema") == "mmusim-result");
    CHECK(result.at("totals").at("accesses") == 1000);
    CHECK(result.at("workload").at("traces") == json{short_program});
    CHECK_FALSE(result.contains("interrupted"));
    CHECK(workplace.files() == no_files);
}

TEST_CASE("waves leave standard output to the report and standard error empty") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim(
        {"run", "--json", "-", "--vcd", "w.vcd", "--vcd-to", "5000", short_program});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK(json::parse(outcome.output).at("schema") == "mmusim-result");
    CHECK(workplace.files() == Files{"w.vcd"});
    CHECK_THAT(workplace.contents_of("w.vcd"), Catch::Contains("$enddefinitions"));
}

TEST_CASE("a wave window may end long after the run") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim(
        {"run", "--vcd", "w.vcd", "--vcd-to", "18446744073709551615", short_program});
    CHECK(outcome.errors.empty());
    CHECK(outcome.status == 0);
    CHECK_THAT(workplace.contents_of("w.vcd"), Catch::Contains("$enddefinitions"));
}

TEST_CASE("standard output by its device name is written directly") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.shell("$mmusim run --json /dev/stdout --accesses /dev/stderr " + short_program +
                        " | grep -c mmusim-result");
    CHECK(outcome.output == "1\n");
    CHECK_THAT(outcome.errors, Catch::StartsWith("access,asid,type,"));
}

TEST_CASE("a timeline, a translation log and host figures are there only when asked for") {
    const Workplace workplace;
    CHECK(workplace.mmusim({"run", "--json", "without.json", short_program}).status == 0);
    CHECK(workplace
              .mmusim({"run", "--json", "with.json", "--interval", "250", "--timing", "--accesses",
                       "log.csv", short_program})
              .status == 0);
    json without = workplace.json_of("without.json");
    json with = workplace.json_of("with.json");
    CHECK_FALSE(without.contains("timeline"));
    CHECK_FALSE(without.contains("host"));
    CHECK(with.at("timeline").size() == 4);
    CHECK(with.at("timeline").back().at("accesses") == 1000);
    CHECK(with.at("host").at("simulate_seconds").get<double>() > 0);
    CHECK(with.at("host").at("translations_per_second").get<double>() > 0);
    CHECK(with.at("host").at("peak_memory_bytes").get<std::uint64_t>() > 1'000'000);
    CHECK(line_count(workplace.contents_of("log.csv")) ==
          1 + with.at("totals").at("translations").get<std::size_t>());
    CHECK(without["os"]["thrashing"].is_null());
    with.erase("timeline");
    with.erase("host");
    with["os"].erase("thrashing");
    without["os"].erase("thrashing");
    with["workload"].erase("interval");
    without["workload"].erase("interval");
    CHECK(with == without);
    CHECK(workplace.files() == Files{"log.csv", "with.json", "without.json"});
}

TEST_CASE("two traces are two processes, each with its name") {
    const Workplace workplace;
    static_cast<void>(workplace.file("one.lackey", " L 1000,8\n S 2000,8\n"));
    static_cast<void>(workplace.file("two.lackey", "I  1000,4\n"));
    const Outcome outcome =
        workplace.mmusim({"run", "--preset", "plain", "--json", "-", "one.lackey", "two.lackey"});
    REQUIRE(outcome.status == 0);
    const json processes = json::parse(outcome.output).at("processes");
    REQUIRE(processes.size() == 2);
    CHECK(processes[0].at("name") == "one.lackey");
    CHECK(processes[0].at("accesses") == 2);
    CHECK(processes[0].at("minor") == 2);
    CHECK(processes[1].at("name") == "two.lackey");
    CHECK(processes[1].at("rss_pages") == 1);
    CHECK(processes[0].at("asid") != processes[1].at("asid"));
}

TEST_CASE("a program without any mapping gets its signal, and that is a result") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim(
        {"run", "--set", "os.implicit_mapping=false", "--json", "-", short_program});
    CHECK(outcome.status == 0);
    const json result = json::parse(outcome.output);
    CHECK(result.at("processes").at(0).at("signal") == "SIGSEGV MAPERR");
    CHECK(result.at("totals").at("accesses") == 1);
}

TEST_CASE("the version names the program and SystemC") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"--version"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK_THAT(outcome.output,
               Catch::Matches(R"(mmusim [0-9]+\.[0-9]+\.[0-9]+ \(SystemC [0-9.]+\)\n)"));
}

TEST_CASE("the help names every option") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"run", "--help"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    for (const std::string option :
         {"TRACE",         "--preset",      "--config",       "--set",         "--seed",
          "--dump-config", "--format",      "--warmup",       "--limit",       "--json",
          "--accesses",    "--interval",    "--vcd",          "--vcd-from",    "--vcd-to",
          "--timing",      "generate:NAME", "sequential",     "--vcd-around",  "--vcd-before",
          "--vcd-after",   "--events",      "--events-limit", "--events-hits", "--log",
          "stride",        "random",        "chase",          "gups",          "zipf"}) {
        CHECK_THAT(outcome.output, Catch::Contains(option));
    }
    const Outcome general = workplace.mmusim({"--help"});
    CHECK(general.status == 0);
    CHECK_THAT(general.output, Catch::Contains("run") && Catch::Contains("trace"));
}

TEST_CASE("paths are relative to the working directory, and a path with spaces is one") {
    const Workplace workplace;
    static_cast<void>(workplace.file("a program.lackey", " L 1000,8\n"));
    const Outcome outcome = workplace.shell(
        R"(mkdir sub && cd sub && "$mmusim" run --json "../the result.json" "../a program.lackey")");
    CHECK(outcome.status == 0);
    CHECK(workplace.json_of("the result.json").at("workload").at("traces") ==
          json{"../a program.lackey"});
}

TEST_CASE("a reader that stops reading, or a closed standard output, crashes nothing") {
    const Workplace workplace;
    const Outcome head = workplace.shell("$mmusim run " + short_program + " | head -1");
    CHECK(head.status == 0);
    CHECK_THAT(head.output, Catch::StartsWith("mmusim "));
    CHECK(head.errors.empty());

    const Outcome closed = workplace.shell("$mmusim run " + short_program + " >&-");
    CHECK(closed.status == 2);
    CHECK(closed.errors == "mmusim: standard output: cannot be written\n");
}

TEST_CASE("with a closed standard output no result is mixed with the report") {
    const Workplace workplace;
    const Outcome closed =
        workplace.shell("$mmusim run --json r.json --accesses a.csv " + short_program + " >&-");
    CHECK(closed.status == 2);
    for (const std::string& name : workplace.files()) {
        INFO(name);
        CHECK_THAT(workplace.contents_of(name), !Catch::Contains("Latency in cycles"));
    }
    if (!workplace.contents_of("r.json").empty()) {
        CHECK(workplace.json_of("r.json").at("totals").at("accesses") == 1000);
    }
}

}  // namespace mmusim::tests::output_test
