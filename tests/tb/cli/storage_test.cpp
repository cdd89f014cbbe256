// SPDX-License-Identifier: Apache-2.0
// Programs that take turns while some of them wait for storage.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::storage_test {

namespace {

using nlohmann::json;

// Three programs that need three times the memory there is.
std::vector<std::string> crowded(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run",    "--check", "--set", "os.user_frames=200",
                                       "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    for (const char* const name : {"zipf", "random", "zipf"}) {
        arguments.push_back(std::string("generate:") + name +
                            ",accesses=4000,footprint=1MiB,write_percent=30");
    }
    return arguments;
}

std::uint64_t sum_over_classes(const json& result, const char* figure) {
    std::uint64_t sum = 0;
    for (const auto& [name, figures] : result["classes"].items()) {
        sum += figures[figure].get<std::uint64_t>();
    }
    return sum;
}

}  // namespace

TEST_CASE("while a program waits for storage others run, and every cycle of the wait is told") {
    const std::vector<std::string> machine = GENERATE(values<std::vector<std::string>>({
        {},
        {"--set", "cpu.max_outstanding=8", "--set", "cpu.issue_per_cycle=2"},
        {"--set", "paging.asid_bits=1", "--set", "os.replacement_scope=local"},
        {"--set", "os.storage.kind=hdd", "--set", "os.swap_has_own_device=true", "--set",
         "os.swap_storage.kind=ssd"},
        {"--warmup", "3000", "--limit", "9000"},
    }));
    const Workplace place;

    const Outcome outcome = place.mmusim(crowded(machine));

    CHECK(outcome.errors.empty());
    REQUIRE(outcome.status == 0);
    const json result = json::parse(outcome.output);
    CHECK(result["faults"]["by_kind"]["swap_in"] > 0);
    CHECK(result["breakdown_cycles"]["storage"] > 0);
    CHECK(result["breakdown_cycles"]["run_queue_wait"] > 0);
    CHECK(result["os"]["evictions"]["dirty"] > 0);
    CHECK(sum_over_classes(result, "cycles") == result["breakdown_cycles"]["total"]);
    CHECK(sum_over_classes(result, "count") == result["totals"]["translations"]);
    const json& frames = result["os"]["frames"];
    CHECK(frames["anonymous"] == 200);
}

}  // namespace mmusim::tests::storage_test
