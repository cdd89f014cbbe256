// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/csv.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::csv_test {

TEST_CASE("a row has quotes where it needs them, and one line") {
    CHECK(csv_line({"a", "", "1.5"}) == "a,,1.5\n");
    CHECK(csv_line({"a,b", "say \"x\""}) == "\"a,b\",\"say \"\"x\"\"\"\n");
    CHECK(csv_line({"two\nlines"}) == "two lines\n");
    CHECK(csv_line({"one cell"}) == "one cell\n");
}

TEST_CASE("what was written is read again") {
    const std::vector<CsvRow> rows{
        {"key", "error"}, {"1", ""}, {"a,b", "say \"x\", then stop"}, {"", "\""}};
    std::string text;
    for (const CsvRow& row : rows) {
        text += csv_line(row);
    }
    CHECK(parse_csv(text, "t.csv") == rows);
    CHECK(parse_csv("", "t.csv").empty());
}

TEST_CASE("a table that was cut off is none") {
    const std::string text = GENERATE("a,b\n1,2", "a,b\n1,", "a,b\n\"1", "a,b\n\"1,2\n");
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_csv(text, "t.csv"),
                      "t.csv:2: the last row has no end, expected a whole table");
}

}  // namespace mmusim::tb::csv_test
