// SPDX-License-Identifier: Apache-2.0
// Waves around an event.
#include "tests/support/vcd_file.hpp"
#include "tests/waves/recording.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::around_test {

namespace {

/// The cycle in which a counter came to a value, by a recording from the beginning.
std::uint64_t cycle_of(const VcdFile& recording, const std::string& signal, std::uint64_t value) {
    return recording.signals.at("SystemC.mmusim." + signal).times_of(value).front() / cycle_ps;
}

Outcome record_around(const Workplace& workplace, const std::string& event,
                      const std::vector<std::string>& options) {
    std::vector<std::string> all{
        "--limit", enough_accesses, "--vcd", workplace.path_of("w.vcd"), "--vcd-around", event};
    all.insert(all.end(), options.begin(), options.end());
    return run_shipped_trace(workplace, all);
}

}  // namespace

TEST_CASE("a window around an event is the window around its cycle") {
    const Workplace workplace;
    REQUIRE(record(workplace, "whole.vcd", 0, 30000).status == 0);
    const VcdFile whole = read_vcd(workplace.path_of("whole.vcd"));

    struct Row {
        std::string event;
        std::uint64_t cycle;
    };
    const std::vector<Row> rows{
        {"fault:1", cycle_of(whole, "software.faults[63:0]", 1)},
        {"fault:3", cycle_of(whole, "software.faults[63:0]", 3)},
        {"walk:5", cycle_of(whole, "walker.walks[63:0]", 5)},
        {"va:0x1ffeffe5a0", 0},  // the page of the program's first access
    };
    for (const Row& row : rows) {
        INFO(row.event);
        const Outcome around =
            record_around(workplace, row.event, {"--vcd-before", "100", "--vcd-after", "1000"});
        REQUIRE(around.errors.empty());
        const std::uint64_t from = row.cycle < 100 ? 0 : row.cycle - 100;
        REQUIRE(record(workplace, "named.vcd", from, row.cycle + 1000).status == 0);
        const bool same_bytes =
            workplace.contents_of("w.vcd") == workplace.contents_of("named.vcd");
        CHECK(same_bytes);
    }
}

TEST_CASE("without widths a window holds a whole minor fault of the default machine") {
    const Workplace workplace;
    REQUIRE(record_around(workplace, "fault:2", {}).status == 0);
    const VcdFile recorded = read_vcd(workplace.path_of("w.vcd"));
    const VcdSignal& stage = recorded.signals.at("SystemC.mmusim.core.state[2:0]");
    CHECK(stage.value_at(recorded.begin) != 2);  // not yet trapped
    CHECK(recorded.signals.at("SystemC.mmusim.software.faults[63:0]").changes.back().value >= 2);
    CHECK(recorded.end - recorded.begin == (500 + 8000 + 1) * cycle_ps - 1);
}

TEST_CASE("a search for an event changes no result") {
    const Workplace workplace;
    const Outcome without = run_shipped_trace(workplace, {"--limit", enough_accesses});
    const Outcome with = record_around(workplace, "walk:7", {});
    CHECK(with.status == 0);
    CHECK(with.output == without.output);
    CHECK(with.errors.empty());
}

TEST_CASE("an event that does not come is an error that says what there was") {
    const Workplace workplace;
    const auto result = [&] {
        REQUIRE(run_shipped_trace(
                    workplace, {"--limit", enough_accesses, "--json", workplace.path_of("r.json")})
                    .status == 0);
        return workplace.json_of("r.json");
    }();
    const auto faults = result.at("faults").at("minor").get<std::uint64_t>();
    const auto walks = result.at("walker").at("walks").get<std::uint64_t>();
    CHECK(complains(record_around(workplace, "fault:1000000", {}),
                    "--vcd-around fault:1000000: the run has " + std::to_string(faults) +
                        " page faults, expected at least as many"));
    CHECK(complains(record_around(workplace, "walk:1000000", {}),
                    "--vcd-around walk:1000000: the run has " + std::to_string(walks) +
                        " walks, expected at least as many"));
    CHECK(complains(record_around(workplace, "va:0x1000", {}),
                    "--vcd-around va:0x1000: the run does not access that page, expected an "
                    "address that it accesses"));
    CHECK(workplace.files() == std::vector<std::string>{"r.json"});
}

TEST_CASE("an event of the last fault has its window up to the end of the run") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"run", "--vcd", "w.vcd", "--vcd-around", "fault:4",
                                              "--vcd-after", "18446744073709551615",
                                              "generate:sequential,accesses=2000,footprint=16KiB"});
    CHECK(outcome.errors.empty());
    CHECK(outcome.status == 0);
    CHECK(read_vcd(workplace.path_of("w.vcd")).end > 0);
}

TEST_CASE("what can be read only once has no window around an event") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.shell("mkfifo pipe; $mmusim run --vcd w.vcd --vcd-around fault:1 pipe");
    CHECK(complains(outcome,
                    "pipe: is no regular file, expected one: --vcd-around reads traces twice"));
    const std::string script = workplace.file("trace.workload", "process P\nP trace pipe\n");
    CHECK(complains(workplace.mmusim(
                        {"run", "--vcd", "w.vcd", "--vcd-around", "fault:1", "--workload", script}),
                    workplace.path_of("pipe") +
                        ": is no regular file, expected one: --vcd-around reads traces twice"));
}

TEST_CASE("bad input ends the search as it ends the run") {
    const Workplace workplace;
    static_cast<void>(workplace.file("bad.lackey", " L 1000,8\n L nonsense\n"));
    const Outcome run = workplace.mmusim({"run", "bad.lackey"});
    const Outcome search =
        workplace.mmusim({"run", "--vcd", "w.vcd", "--vcd-around", "fault:2", "bad.lackey"});
    CHECK(search.status == 2);
    CHECK(search.errors == run.errors);
    CHECK(workplace.files() == std::vector<std::string>{"bad.lackey"});
}

TEST_CASE("the event of a script is found, too") {
    const Workplace workplace;
    const std::string script = workplace.file(
        "two.workload",
        "set os.zero_page=false\nprocess P\nP map heap 64KiB anon private rw\nP write heap\n");
    const Outcome outcome = workplace.mmusim({"run", "--preset", "plain", "--vcd", "w.vcd",
                                              "--vcd-around", "fault:16", "--workload", script});
    CHECK(outcome.errors.empty());
    const VcdFile recorded = read_vcd(workplace.path_of("w.vcd"));
    CHECK(recorded.signals.at("SystemC.mmusim.software.faults[63:0]").changes.back().value == 16);
}

}  // namespace mmusim::tests::around_test
