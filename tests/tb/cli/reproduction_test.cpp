// SPDX-License-Identifier: Apache-2.0
// The same input gives the same bytes, and a result holds all that makes it again.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::reproduction_test {

namespace {

using Arguments = std::vector<std::string>;

const std::string program = "generate:zipf,accesses=30000,footprint=4MiB,write_percent=30";

// A machine that is neither preset, random in two places.
const Arguments own_machine{"--preset", "plain",
                            "--set",    "tlbs.l1d.replacement=random",
                            "--set",    "tlbs.l2.sets=3",
                            "--set",    R"(tlbs.l3={"sets": 5, "replacement": "random"})",
                            "--set",    "tlbs.l2.next=l3",
                            "--set",    "memory.kind=dram",
                            "--set",    "os.zero_page=true",
                            "--set",    "os.fault_entry_cycles=123",
                            "--seed",   "99"};

Outcome run_json(const Workplace& workplace, const Arguments& options,
                 const Arguments& traces = {program}) {
    Arguments arguments{"run", "--json", "-"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), traces.begin(), traces.end());
    return workplace.mmusim(arguments);
}

}  // namespace

TEST_CASE("the same command gives the same bytes") {
    const Workplace workplace;
    const Outcome first = run_json(workplace, own_machine);
    REQUIRE(first.status == 0);
    CHECK(run_json(workplace, own_machine).output == first.output);
}

TEST_CASE("the same command gives the same bytes on the real trace, in turns with itself") {
    const Workplace workplace;
    const std::string trace = MMUSIM_TRACES "/sqlite-group-by.mmutrace.xz";
    const Arguments options{"--limit", "500000", "--set", "os.scheduler.time_slice_cycles=100000"};
    const Outcome first = run_json(workplace, options, {trace, trace});
    REQUIRE(first.status == 0);
    CHECK(run_json(workplace, options, {trace, trace}).output == first.output);
}

TEST_CASE("a run that is checked gives the same bytes") {
    const Workplace workplace;
    Arguments checked = own_machine;
    checked.emplace_back("--check");
    const Outcome outcome = run_json(workplace, checked);
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK(outcome.output == run_json(workplace, own_machine).output);
}

TEST_CASE("another seed gives another run") {
    const Workplace workplace;
    const Outcome first = run_json(workplace, {"--seed", "1"});
    const Outcome second = run_json(workplace, {"--seed", "2"});
    CHECK(nlohmann::json::parse(first.output).at("tlbs") !=
          nlohmann::json::parse(second.output).at("tlbs"));
}

TEST_CASE("the dumped configuration reproduces the run byte for byte") {
    const Workplace workplace;
    const Outcome first = run_json(workplace, own_machine);
    Arguments dump{"run", "--dump-config"};
    dump.insert(dump.end(), own_machine.begin(), own_machine.end());
    const Outcome dumped = workplace.mmusim(dump);
    REQUIRE(dumped.status == 0);
    CHECK(nlohmann::json::parse(dumped.output) == nlohmann::json::parse(first.output).at("config"));
    static_cast<void>(workplace.file("machine.json", dumped.output));

    CHECK(run_json(workplace, {"-c", "machine.json"}).output == first.output);
    // It is complete: nothing of another preset shines through.
    CHECK(run_json(workplace, {"--preset", "plain", "-c", "machine.json"}).output == first.output);
    CHECK(workplace.mmusim({"run", "--dump-config", "-c", "machine.json"}).output == dumped.output);
}

TEST_CASE("a result given as the configuration reproduces itself byte for byte") {
    const Workplace workplace;
    const Outcome first = run_json(workplace, own_machine);
    static_cast<void>(workplace.file("result.json", first.output));
    CHECK(run_json(workplace, {"-c", "result.json"}).output == first.output);
}

TEST_CASE("to dump the configuration needs no trace and runs none") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"run", "--dump-config", "missing.lackey"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK(nlohmann::json::parse(outcome.output).at("complete") == true);
}

TEST_CASE("the settings of the command line win over files, and later files over earlier") {
    const Workplace workplace;
    static_cast<void>(workplace.file(
        "one.json", R"({"seed": 5, "tlbs": {"l1d": {"ways": 2, "sets": 4}}} // a comment)"));
    static_cast<void>(workplace.file("two.json", R"({"tlbs": {"l1d": {"ways": 3}}})"));
    const Outcome outcome = workplace.mmusim(
        {"run", "--dump-config", "-c", "one.json", "-c", "two.json", "--set", "seed=6"});
    const auto configuration = nlohmann::json::parse(outcome.output);
    CHECK(configuration.at("seed") == 6);
    CHECK(configuration.at("tlbs").at("l1d").at("sets") == 4);
    CHECK(configuration.at("tlbs").at("l1d").at("ways") == 3);
}

}  // namespace mmusim::tests::reproduction_test
