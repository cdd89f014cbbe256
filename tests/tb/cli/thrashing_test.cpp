// SPDX-License-Identifier: Apache-2.0
// The shipped swap storm, interval by interval: 24 pages of P and 24 of Q in 32 frames.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace mmusim::tests::thrashing_test {

namespace {

using nlohmann::json;

// A round of both processes to an interval; the storm is the rounds 51 to 53, from 0.
constexpr std::size_t first_of_storm = 51;
constexpr std::size_t rounds_of_storm = 3;

std::vector<std::string> storm(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run",
                                       "--preset",
                                       "plain",
                                       "--workload",
                                       std::string(MMUSIM_SCRIPTS) + "/swap-storm.workload",
                                       "--set",
                                       "os.storage.kind=nvme"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

json result_of(const std::vector<std::string>& more) {
    const Workplace place;
    std::vector<std::string> arguments = storm({"--interval", "48", "--json", "-"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = place.mmusim(arguments);
    REQUIRE(outcome.errors.empty());
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

}  // namespace

TEST_CASE("in a swap storm the timeline shows who touches how much, and that nobody can run") {
    const json result = result_of({});
    const json& timeline = result["timeline"];
    REQUIRE(timeline.size() == 104);

    for (std::size_t round = first_of_storm; round < first_of_storm + rounds_of_storm; ++round) {
        INFO("round " << round);
        const json& entry = timeline[round];
        CHECK(entry["working_set_pages"] ==
              json::array({{{"name", "P"}, {"pages", 24}}, {{"name", "Q"}, {"pages", 24}}}));
        CHECK(entry["frames"] == 32);
        CHECK(entry["major_faults_per_1000_accesses"] == 1000);
        CHECK(entry["refaults"] == 48);
        CHECK(entry["stalled_share"] > 0.99);
        CHECK(entry["stalled_share"] <= 1);
        CHECK(entry["thrashing"] == true);
    }
    CHECK(result["os"]["thrashing"] == json{{"detected", true},
                                            {"intervals", 104},
                                            {"thrashing_intervals", rounds_of_storm},
                                            {"largest_working_set_pages", 48}});
    CHECK(result["os"]["stalled_cycles"] > 0);
}

TEST_CASE("before the storm new pages make room for themselves, and after it one process fits") {
    const json timeline = result_of({})["timeline"];

    const json& calm = timeline[first_of_storm - 2];
    CHECK(calm["working_set_pages"] == json::array({{{"name", "P"}, {"pages", 24}}}));
    CHECK(calm["stalled_share"] == 0);
    CHECK(calm["thrashing"] == false);

    const json& arrival = timeline[first_of_storm - 1];
    CHECK(arrival["stalled_share"] > 0.9);
    CHECK(arrival["refaults"] == 0);
    CHECK(arrival["thrashing"] == false);

    const json& recovery = timeline[first_of_storm + rounds_of_storm];
    CHECK(recovery["refaults"] == 16);
    CHECK(recovery["working_set_pages"][0]["pages"] == 24);
    CHECK(recovery["thrashing"] == false);
}

TEST_CASE("without waiting, or with a higher threshold, it is no thrashing") {
    const std::vector<std::string> setting = GENERATE(values<std::vector<std::string>>({
        {"--set", "os.storage.kind=custom"},
        {"--set", "os.thrashing_stall_percent=100"},
    }));
    const json result = result_of(setting);
    CHECK(result["timeline"][first_of_storm]["major_faults_per_1000_accesses"] == 1000);
    CHECK(result["os"]["thrashing"]["detected"] == false);
}

TEST_CASE("the report says that a run thrashed, and when") {
    const Workplace place;
    const Outcome outcome = place.mmusim(storm({"--interval", "48"}));
    CHECK_THAT(outcome.output, Catch::Contains("THRASHING in 3 of 104 intervals: the working sets, "
                                               "48 pages at most,"));
    CHECK_THAT(outcome.output, Catch::Contains("Memory pressure"));

    const Outcome without = place.mmusim(storm({}));
    CHECK_THAT(without.output, !Catch::Contains("THRASHING"));
}

}  // namespace mmusim::tests::thrashing_test
