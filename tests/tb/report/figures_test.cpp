// SPDX-License-Identifier: Apache-2.0
#include "tb/report/figures.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::figures_test {

namespace {

using nlohmann::ordered_json;
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("figures are the numbers of a result, in its order, under dotted names") {
    const auto result = ordered_json::parse(R"({
        "schema": "mmusim-result", "schema_version": 1, "tool": {"version": 3}, "interrupted": true,
        "config": {"seed": 1}, "workload": {"limit": 7},
        "totals": {"cycles": 9, "accesses": 4}, "latency_cycles": {"mean": 1.5, "p50": null,
        "histogram": [[0, 1, 2]]}, "timeline": [{"accesses": 1}],
        "walker": {"pte_reads_by_level": [5, 6], "wait": [], "walk_cache": {"hits": 2}},
        "processes": [{"minor": 1}], "repeats": {"seeds": [1]}, "host": {"simulate_seconds": 1.0}})");
    CHECK(figures_of(result) == std::vector<Figure>{{"totals.cycles", 9},
                                                    {"totals.accesses", 4},
                                                    {"latency_cycles.mean", 1.5},
                                                    {"walker.pte_reads_by_level.0", 5},
                                                    {"walker.pte_reads_by_level.1", 6},
                                                    {"walker.walk_cache.hits", 2}});
}

TEST_CASE("a figure is meant by its whole name before the end of another") {
    const Names names{"a.b.c", "b.c", "x.b.c"};
    CHECK(figures_meant("b.c", names) == Names{"b.c"});
    CHECK(figures_meant("c", names) == names);
    CHECK(figures_meant("a.b", names).empty());
    CHECK(figures_meant(".c", names).empty());
}

}  // namespace mmusim::tb::figures_test
