// SPDX-License-Identifier: Apache-2.0
// Control-C ends a run early, and what was done is written whole.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::interruption_test {

namespace {

using Files = std::vector<std::string>;

// So long a run would not be over within the test's time.
const std::string endless = "generate:gups,accesses=1000000000000,footprint=64KiB";

// Both files are begun once the run is.
void check_interrupted_by(int signal) {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim_with_signal(
        signal, 2,
        {"run", "--preset", "plain", "--json", "r.json", "--accesses", "a.csv", endless});
    CHECK(outcome.status == 130);
    CHECK(outcome.errors.empty());
    CHECK_THAT(outcome.output, Catch::StartsWith("mmusim "));
    CHECK(workplace.files() == Files{"a.csv", "r.json"});

    const nlohmann::json result = workplace.json_of("r.json");
    CHECK(result.at("interrupted") == true);
    const auto accesses = result.at("totals").at("accesses").get<std::uint64_t>();
    CHECK(accesses < 1'000'000'000'000);
    const std::string log = workplace.contents_of("a.csv");
    CHECK(log.back() == '\n');
    const auto rows = static_cast<std::uint64_t>(std::count(log.begin(), log.end(), '\n')) - 1;
    CHECK(rows == accesses);
}

}  // namespace

TEST_CASE("SIGINT ends a run early, with all of its files whole") {
    check_interrupted_by(SIGINT);
}

TEST_CASE("SIGTERM does the same") {
    check_interrupted_by(SIGTERM);
}

TEST_CASE("an interrupted run on standard output says that it is") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim_with_signal(
        SIGINT, 1, {"run", "--json", "-", "--accesses", "a.csv", endless});
    CHECK(outcome.status == 130);
    CHECK(nlohmann::json::parse(outcome.output).at("interrupted") == true);
}

}  // namespace mmusim::tests::interruption_test
