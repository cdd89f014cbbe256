// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/heat_map.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::heat_map_test {

namespace {

[[nodiscard]] HeatMap sample_map() {
    return {.figure = "totals.cycles",
            .row_key = "sets",
            .column_key = "ways",
            .rows = {"1", "16"},
            .columns = {"1", "2", "4"},
            .numbers = {1000, 750, 500, 250, std::nullopt, 0}};
}

}  // namespace

TEST_CASE("a heat map has a shade and a number for each point") {
    CHECK(heat_map_text(sample_map(), {}) ==
          "totals.cycles: sets down, ways across\n"
          "\n"
          "              1            2            4\n"
          " 1  ██ 1,000.00  ▓▓   750.00  ▒▒   500.00\n"
          "16  ░░   250.00            -  ··     0.00\n"
          "\n"
          "·· from 0.00  to  ██ 1,000.00\n");
}

TEST_CASE("columns that do not fit beside each other follow below") {
    CHECK(heat_map_text(sample_map(), {.columns = 30}) ==
          "totals.cycles: sets down, ways across\n"
          "\n"
          "              1            2\n"
          " 1  ██ 1,000.00  ▓▓   750.00\n"
          "16  ░░   250.00            -\n"
          "\n"
          "              4\n"
          " 1  ▒▒   500.00\n"
          "16  ··     0.00\n"
          "\n"
          "·· from 0.00  to  ██ 1,000.00\n");
}

TEST_CASE("colours are there only where they are wanted") {
    CHECK_THAT(heat_map_text(sample_map(), {}), !Catch::Contains("\033["));
    CHECK_THAT(heat_map_text(sample_map(), {.colours = true}),
               Catch::Contains("\033[38;5;196m██ 1,000.00\033[0m"));
}

TEST_CASE("where all numbers are equal, all shades are") {
    HeatMap map = sample_map();
    map.numbers = {5, 5, 5, 5, 5, 5};
    CHECK_THAT(heat_map_text(map, {}), !Catch::Contains("██") && Catch::Contains("·· 5.00") &&
                                           Catch::EndsWith("\n·· all 5.00\n"));
}

TEST_CASE("a map without any number has no legend") {
    HeatMap map = sample_map();
    map.numbers.assign(6, std::nullopt);
    CHECK_THAT(heat_map_text(map, {}), !Catch::Contains("from"));
}

}  // namespace mmusim::tb::heat_map_test
