// SPDX-License-Identifier: Apache-2.0
// Random scripts through the whole machine, under memory pressure, with every access judged.
#include "tests/tb/cli/program.hpp"
#include "tests/tb/cli/random_script.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::random_scripts_test {

namespace {

using nlohmann::json;

// Whatever the script does data survives, and a second time the same happens.
void check_twice(const Workplace& place, const RandomScript& random, const std::string& script,
                 const std::vector<std::string>& settings) {
    std::vector<std::string> arguments{"run", "--workload", place.file("random.workload", script),
                                       "--check", "--json"};
    std::vector<std::string> again = arguments;
    arguments.emplace_back("once.json");
    again.emplace_back("again.json");
    for (const std::string& setting : settings) {
        for (auto* const each : {&arguments, &again}) {
            each->emplace_back("--set");
            each->push_back(setting);
        }
    }

    const Outcome outcome = place.mmusim(arguments);

    CHECK(outcome.errors == "");
    REQUIRE(outcome.status == 0);
    const json result = place.json_of("once.json");
    CHECK(result["processes"].size() >= 8);
    CHECK(result["os"]["evictions"]["dirty"] > 0);
    CHECK(result["faults"]["by_kind"]["swap_in"] > 0);
    CHECK(result["faults"]["by_kind"]["cow_copy"] > 0);
    // Some end in signals, and some processes may have been killed.
    CHECK(result["totals"]["accesses"] > random.accesses() / 3);
    REQUIRE(place.mmusim(again).status == 0);
    CHECK(place.contents_of("once.json") == place.contents_of("again.json"));
}

const std::vector<std::string> pressure{"os.user_frames=120", "os.swap.size_bytes=16MiB"};

std::vector<std::string> under_pressure(std::vector<std::string> more) {
    more.insert(more.end(), pressure.begin(), pressure.end());
    return more;
}

constexpr std::uint64_t forty_thousand = 40'000;

}  // namespace

TEST_CASE("random scripts under memory pressure find what they stored, twice the same") {
    struct Row {
        std::uint64_t seed = 0;
        std::vector<std::string> settings;
    };
    const std::vector<Row> rows{
        {1, {}},
        {2, {"os.page_replacement=opt"}},
        {3, {"os.page_replacement=lru", "cpu.max_outstanding=8", "cpu.issue_per_cycle=2"}},
        {4, {"os.page_replacement=second_chance"}},
        {5, {"os.replacement_scope=local", "paging.asid_bits=1", "paging.ad_update=fault"}},
    };
    const Row row = GENERATE_COPY(from_range(rows));
    const Workplace place;
    RandomScript random(row.seed);
    const std::string script = random.text(800);

    INFO("seed " << row.seed);
    check_twice(place, random, script, under_pressure(row.settings));
}

TEST_CASE("random scripts of forty thousand lines: simple core", "[.][soak]") {
    const Workplace place;
    RandomScript random(11);
    const std::string script = random.text(forty_thousand);

    check_twice(place, random, script,
                under_pressure({"os.page_replacement=second_chance", "os.zero_page=false"}));
}

TEST_CASE("random scripts of forty thousand lines: wide core", "[.][soak]") {
    const Workplace place;
    RandomScript random(12);
    const std::string script = random.text(forty_thousand);

    check_twice(place, random, script,
                under_pressure({"cpu.max_outstanding=8", "cpu.issue_per_cycle=2",
                                "os.swap.readahead_pages=8"}));
}

}  // namespace mmusim::tests::random_scripts_test
