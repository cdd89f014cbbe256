// SPDX-License-Identifier: Apache-2.0
// `run --repeat N`: N seeds, the report of the first, and what of its figures is chance.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace mmusim::tests::repeat_test {

namespace {

using nlohmann::json;
using Arguments = std::vector<std::string>;

const std::string random_program = "generate:random,accesses=2000,footprint=1MiB";

[[nodiscard]] json result_of(const Workplace& workplace, const Arguments& more) {
    Arguments arguments{"run", "--preset", "plain", "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = workplace.mmusim(arguments);
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

[[nodiscard]] double cycles_of(const json& result) {
    return result.at("totals").at("cycles").get<double>();
}

}  // namespace

TEST_CASE("a repeated run is the run with each seed, by hand") {
    const Workplace workplace;
    const json repeated = result_of(workplace, {"--seed", "7", "--repeat", "3", random_program});
    const std::vector<double> cycles{
        cycles_of(result_of(workplace, {"--seed", "7", random_program})),
        cycles_of(result_of(workplace, {"--seed", "8", random_program})),
        cycles_of(result_of(workplace, {"--seed", "9", random_program}))};
    REQUIRE(cycles[0] != cycles[1]);
    const double mean = (cycles[0] + cycles[1] + cycles[2]) / 3;
    const double variance = (std::pow(cycles[0] - mean, 2) + std::pow(cycles[1] - mean, 2) +
                             std::pow(cycles[2] - mean, 2)) /
                            2;
    CHECK(repeated.at("repeats").at("seeds") == json{7, 8, 9});
    const json& spread = repeated.at("repeats").at("figures").at("totals.cycles");
    CHECK(spread.at("mean").get<double>() == Approx(mean));
    CHECK(spread.at("spread").get<double>() == Approx(std::sqrt(variance)));
    CHECK(spread.at("min").get<double>() == std::min({cycles[0], cycles[1], cycles[2]}));
    CHECK(spread.at("max").get<double>() == std::max({cycles[0], cycles[1], cycles[2]}));
}

TEST_CASE("the result of a repeated run is that of its first seed, with the repeats behind it") {
    const Workplace workplace;
    json repeated = result_of(workplace, {"--repeat", "2", random_program});
    json once = result_of(workplace, {random_program});
    repeated.erase("repeats");
    repeated.erase("derived");
    once.erase("derived");
    CHECK(repeated == once);
    CHECK_FALSE(once.contains("repeats"));
}

TEST_CASE("where nothing is random there is no spread") {
    const Workplace workplace;
    static_cast<void>(workplace.file("a.lackey", " L 1000,8\n L 2000,8\n S 1000,8\n"));
    const json repeats = result_of(workplace, {"--repeat", "3", "a.lackey"}).at("repeats");
    CHECK(repeats.at("figures").size() > 100);
    for (const auto& [name, spread] : repeats.at("figures").items()) {
        CAPTURE(name);
        CHECK(spread.at("spread") == 0.0);
        CHECK(spread.at("min") == spread.at("max"));
    }
}

TEST_CASE("a repeated run reports the first run and then mean and spread") {
    const Workplace workplace;
    const Outcome once = workplace.mmusim({"run", random_program});
    const Outcome repeated = workplace.mmusim({"run", "--repeat", "2", random_program});
    CHECK(repeated.status == 0);
    CHECK(repeated.errors.empty());
    CHECK_THAT(repeated.output, Catch::StartsWith(once.output + "\nOver 2 seeds from 1 on"));
    CHECK_THAT(repeated.output, Catch::Contains("± spread"));
    CHECK_THAT(repeated.output, Catch::Contains("  derived.cycles_per_translation  "));
    CHECK(workplace.mmusim({"run", "--repeat", "1", random_program}).output == once.output);
    CHECK(workplace.mmusim({"run", "--repeat", "2", random_program}).output == repeated.output);
}

TEST_CASE("a trace that can be read only once is read once for all repeats") {
    const Workplace workplace;
    const Outcome outcome = workplace.shell(
        "printf ' L 1000,8\\n L 2000,8\\n' | $mmusim run --json - --repeat 2 --format lackey "
        "/dev/stdin");
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    CHECK(json::parse(outcome.output)["repeats"]["figures"]["totals.accesses"]["mean"] == 2.0);
}

TEST_CASE("a repeat without sense is refused, and a failure is the run's own") {
    const Workplace workplace;
    CHECK(complains(workplace.mmusim({"run", "--repeat", "0", random_program}),
                    "--repeat 0: expected from 1 to 10000"));
    CHECK(complains(workplace.mmusim({"run", "--repeat", "2", "--vcd", "w.vcd", random_program}),
                    "--repeat 2: with --vcd, expected one run for that file"));
    // Whichever of the processes is the first to end.
    for (int trial = 0; trial < 8; ++trial) {
        CHECK(complains(
            workplace.mmusim({"run", "--repeat", "4", "--warmup", "9999", random_program}),
            "--warmup 9999: the traces end before, expected fewer accesses than they "
            "have"));
    }
    static_cast<void>(workplace.file("s.workload",
                                     "process p\n"
                                     "p map r 64KiB anon private rw\n"
                                     "p read r\n"
                                     "expect minor 7\n"));
    const Outcome failed = workplace.mmusim({"run", "--repeat", "2", "--json", "r.json", "--preset",
                                             "plain", "--workload", "s.workload"});
    CHECK(failed.status == 1);
    CHECK_THAT(failed.errors, Catch::StartsWith("mmusim: s.workload:4: "));
    CHECK(workplace.files() == std::vector<std::string>{"s.workload"});
}

}  // namespace mmusim::tests::repeat_test
