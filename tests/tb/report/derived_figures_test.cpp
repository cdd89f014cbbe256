// SPDX-License-Identifier: Apache-2.0
#include "tb/report/derived_figures.hpp"

#include "sample_result.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace mmusim::tb::derived_figures_test {

TEST_CASE("rates are of the accesses, and the time of a translation of the translations") {
    // 9 accesses, 10 translations, 5000 cycles, 30 walks; 4 misses of l1d, 3 of l2.
    const DerivedFigures figures = derived_figures(sample_result());
    CHECK(figures.cycles_per_translation == 500.0);
    CHECK(figures.walks_per_1000_accesses == 30'000.0 / 9);
    REQUIRE(figures.misses_per_1000_accesses.size() == 3);
    CHECK(figures.misses_per_1000_accesses[1].first == "l1d");
    CHECK(figures.misses_per_1000_accesses[1].second == 4000.0 / 9);
    CHECK(figures.misses_per_1000_accesses[2].first == "l2");
    CHECK(figures.misses_per_1000_accesses[2].second == 3000.0 / 9);
}

TEST_CASE("of no access and no translation there is no rate") {
    RunResult nothing;
    nothing.tlbs = {{"l1d", {}}};
    CHECK(to_json(derived_figures(nothing)) ==
          nlohmann::ordered_json::parse(R"({"cycles_per_translation": null,
                                            "misses_per_1000_accesses": {"l1d": null},
                                            "walks_per_1000_accesses": null})"));
}

TEST_CASE("derived figures have their names in a result") {
    const auto json = to_json(derived_figures(sample_result()));
    CHECK(json["cycles_per_translation"] == 500.0);
    CHECK(json["misses_per_1000_accesses"]["l1d"] == 4000.0 / 9);
    CHECK(json["walks_per_1000_accesses"] == 30'000.0 / 9);
}

}  // namespace mmusim::tb::derived_figures_test
