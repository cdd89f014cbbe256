// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/point_table.hpp"

#include "tests/tb/sweep/swept_points.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::point_table_test {

namespace {

using tests::done_point;
using tests::failed_point;
using Names = std::vector<std::string>;

[[nodiscard]] std::string table_of(const Names& lines) {
    std::string text;
    write_point_table({"sets", "mode"}, lines, [&text](std::string_view part) { text += part; });
    return text;
}

[[nodiscard]] std::vector<Figure> figures_named(const Names& names) {
    std::vector<Figure> figures;
    for (const std::string& name : names) {
        figures.push_back({.name = name, .number = 0});
    }
    return figures;
}

}  // namespace

TEST_CASE("a table has the keys, every figure of any point, and the errors") {
    CHECK(
        table_of({done_point(0, 3, R"({"sets":1,"mode":"sv39"})",
                             R"({"config":{"seed":1},"totals":{"cycles":70},"mean":1.25,
                                   "levels":[4,5],"histogram":[[0,1,2]],"none":null})"),
                  failed_point(1, 3, R"({"sets":0,"mode":"sv39"})", "sets = 0: must be more, yes"),
                  done_point(2, 3, R"({"sets":1,"mode":"sv48"})",
                             R"({"totals":{"cycles":71,"retries":2},"mean":2.0,
                                   "levels":[4,5,6]})")}) ==
        "sets,mode,totals.cycles,totals.retries,mean,levels.0,levels.1,levels.2,error\n"
        "1,sv39,70,,1.25,4,5,,\n"
        "0,sv39,,,,,,,\"sets = 0: must be more, yes\"\n"
        "1,sv48,71,2,2.0,4,5,6,\n");
}

TEST_CASE("without points a table has its heading") {
    CHECK(table_of({}) == "sets,mode,error\n");
}

TEST_CASE("what was repeated has mean and spread of each figure") {
    CHECK(table_of({done_point(0, 1, R"({"sets":1,"mode":"sv39"})",
                               R"({"totals":{"cycles":70},"repeats":{"seeds":[1,2],"figures":{
                                   "totals.cycles":{"mean":71.5,"spread":2.25,"min":70.0,"max":73.0}}}})")}) ==
          "sets,mode,totals.cycles.mean,totals.cycles.spread,error\n"
          "1,sv39,71.5,2.25,\n");
}

TEST_CASE("columns stand in the order of every row") {
    ColumnOrder columns;
    columns.add(figures_named({"a", "b", "z"}));
    columns.add(figures_named({"a", "b", "c", "d", "z"}));
    columns.add(figures_named({"first", "a", "z", "last"}));
    columns.add(figures_named({"a", "b", "z"}));
    CHECK(columns.names() == Names{"first", "a", "b", "c", "d", "z", "last"});
}

}  // namespace mmusim::tb::point_table_test
