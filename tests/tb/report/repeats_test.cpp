// SPDX-License-Identifier: Apache-2.0
#include "tb/report/repeats.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::repeats_test {

namespace {

using nlohmann::ordered_json;

struct SpreadRow {
    std::vector<double> numbers;
    Spread spread;
};

[[nodiscard]] std::vector<SeededResult> three_runs() {
    return {{7, ordered_json::parse(R"({"totals": {"cycles": 2}, "faults": {"minor": 4}})")},
            {8, ordered_json::parse(R"({"totals": {"cycles": 4}, "faults": {"minor": 4}})")},
            {9, ordered_json::parse(R"({"totals": {"cycles": 9}, "faults": {"minor": 4},
                                        "tlbs": {"l1d": {"hits": 1}}})")}};
}

}  // namespace

TEST_CASE("spread is the standard deviation of a sample") {
    const auto row = GENERATE(values<SpreadRow>({
        {{5}, {.mean = 5, .spread = 0, .minimum = 5, .maximum = 5}},
        {{5, 5, 5}, {.mean = 5, .spread = 0, .minimum = 5, .maximum = 5}},
        {{1, 3}, {.mean = 2, .spread = 1.4142135623730951, .minimum = 1, .maximum = 3}},
        {{2, 4, 4, 4, 5, 5, 7, 9},
         {.mean = 5, .spread = 2.138089935299395, .minimum = 2, .maximum = 9}},
        {{9, 2, 4}, {.mean = 5, .spread = 3.605551275463989, .minimum = 2, .maximum = 9}},
    }));
    CAPTURE(row.numbers);
    CHECK(spread_of(row.numbers) == row.spread);
}

TEST_CASE("repeats have the seeds, and the figures that every run has") {
    CHECK(repeats_json(three_runs()) == ordered_json::parse(R"({
        "seeds": [7, 8, 9],
        "figures": {
          "totals.cycles": {"mean": 5.0, "spread": 3.605551275463989, "min": 2.0, "max": 9.0},
          "faults.minor": {"mean": 4.0, "spread": 0.0, "min": 4.0, "max": 4.0}}})"));
}

TEST_CASE("the first result stays as it is, with the repeats behind it") {
    ordered_json document = with_repeats(three_runs());
    CHECK(document["repeats"]["seeds"].size() == 3);
    document.erase("repeats");
    CHECK(document == three_runs().front().result);
}

TEST_CASE("a person sees the figures that are compared first") {
    const std::string text = repeats_section(repeats_json(three_runs()));
    CHECK(text ==
          "Over 3 seeds from 7 on  mean  ± spread   min   max\n"
          "  totals.cycles         5.00      3.61  2.00  9.00\n"
          "  faults.minor          4.00      0.00  4.00  4.00\n");
}

}  // namespace mmusim::tb::repeats_test
