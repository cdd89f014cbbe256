// SPDX-License-Identifier: Apache-2.0
// Why the TLBs of whole machines miss.
#include "tests/tb/cli/program.hpp"
#include "tests/tb/cli/random_script.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::miss_kinds_test {

namespace {

using nlohmann::json;
using Arguments = std::vector<std::string>;

const std::string told_apart = "stats.miss_kinds=true";

json result_of(const Workplace& workplace, const Arguments& workload, const Arguments& settings,
               const Arguments& more = {}) {
    Arguments arguments{"run", "--json", "-"};
    arguments.insert(arguments.end(), workload.begin(), workload.end());
    for (const std::string& setting : settings) {
        arguments.insert(arguments.end(), {"--set", setting});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = workplace.mmusim(arguments);
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

std::uint64_t number(const json& object, const std::string& name) {
    return object.at(name).get<std::uint64_t>();
}

std::uint64_t sum_of_kinds(const json& tlb) {
    const json& kinds = tlb.at("miss_kinds");
    return number(kinds, "compulsory") + number(kinds, "capacity") + number(kinds, "conflict");
}

// The result without what was asked for besides.
json without_kinds(json result) {
    result.at("config").erase("stats");
    for (json& tlb : result.at("tlbs")) {
        tlb.erase("miss_kinds");
    }
    return result;
}

}  // namespace

TEST_CASE(
    "the causes add up to the misses at every TLB of any machine, and asking changes nothing") {
    struct Row {
        std::uint64_t seed = 0;
        Arguments settings;
    };
    const std::vector<Row> rows{
        {1, {"tlbs.l1d.replacement=random", "tlbs.l2.sets=3"}},
        {2,
         {"cpu.max_outstanding=8", "cpu.issue_per_cycle=2", "tlbs.l1d.mshrs=4", "walker.count=3"}},
        {3, {"os.thp=always", "tlbs.l2.inclusion=exclusive", "cpu.max_outstanding=4"}},
        {4, {"paging.asid_bits=1", "paging.ad_update=fault", "tlbs.l2.inclusion=inclusive"}},
        {5, {"os.thp=always", R"(tlbs.l1d.page_sizes=["4KiB"])", "tlbs.l1d.hit_under_miss=false"}},
    };
    const Row row = GENERATE_COPY(from_range(rows));
    INFO("seed " << row.seed);
    const Workplace place;
    RandomScript random(row.seed);
    const Arguments workload{"--workload", place.file("random.workload", random.text(800)),
                             "--set",      "os.user_frames=2000",
                             "--set",      "os.swap.size_bytes=16MiB"};
    Arguments asked = row.settings;
    asked.push_back(told_apart);

    const json plain = result_of(place, workload, row.settings);
    const json result = result_of(place, workload, asked);

    CHECK(without_kinds(result) == without_kinds(plain));
    for (const auto& [name, tlb] : result.at("tlbs").items()) {
        INFO(name);
        CHECK(plain.at("tlbs").at(name).at("miss_kinds").is_null());
        CHECK(sum_of_kinds(tlb) == number(tlb, "misses") - number(tlb, "retry_misses"));
    }
    CHECK(number(result.at("tlbs").at("l1d").at("miss_kinds"), "compulsory") > 0);
    CHECK(sum_of_kinds(result.at("tlbs").at("l2")) > 0);
}

TEST_CASE("after a warm-up the causes are those of the misses from then on") {
    const Workplace place;
    const Arguments program{"--preset", "plain", "generate:zipf,footprint=4MiB,accesses=60000"};
    const Arguments settings{told_apart, "tlbs.l1d.ways=2"};
    const json all = result_of(place, program, settings).at("tlbs");
    const json before = result_of(place, program, settings, {"--limit", "20000"}).at("tlbs");
    const json after = result_of(place, program, settings, {"--warmup", "20000"}).at("tlbs");
    for (const std::string tlb : {"l1d", "l2"}) {
        for (const std::string kind : {"compulsory", "capacity", "conflict"}) {
            INFO(tlb << " " << kind);
            const auto count = [&](const json& tlbs) {
                return number(tlbs.at(tlb).at("miss_kinds"), kind);
            };
            CHECK(count(all) == count(before) + count(after));
        }
    }
    CHECK(number(after.at("l1d").at("miss_kinds"), "conflict") > 0);
}

TEST_CASE(
    "a fully associative TLB has no conflicts, and one that holds all pages no capacity misses") {
    const Workplace place;
    const Arguments program{"--preset", "plain", "generate:gups,footprint=1MiB,accesses=20000"};
    const json small =
        result_of(place, program, {told_apart, "tlbs.l1d.sets=1", "tlbs.l1d.ways=64"});
    const json& small_kinds = small.at("tlbs").at("l1d").at("miss_kinds");
    CHECK(small_kinds.at("compulsory") == 256);
    CHECK(small_kinds.at("conflict") == 0);
    CHECK(number(small_kinds, "capacity") > 1000);
    const json large =
        result_of(place, program, {told_apart, "tlbs.l1d.sets=64", "tlbs.l1d.ways=4"});
    CHECK(large.at("tlbs").at("l1d").at("miss_kinds") ==
          json{{"compulsory", 256}, {"capacity", 0}, {"conflict", 0}});
}

TEST_CASE("the text says why the TLBs missed, if that was asked for") {
    const Workplace place;
    const Arguments run{"run", "--preset", "plain", "generate:gups,footprint=1MiB,accesses=5000"};
    Arguments asked = run;
    asked.insert(asked.end(), {"--set", told_apart});
    CHECK_THAT(place.mmusim(asked).output, Catch::Contains("Misses by cause"));
    CHECK_THAT(place.mmusim(run).output, !Catch::Contains("Misses by cause"));
}

}  // namespace mmusim::tests::miss_kinds_test
