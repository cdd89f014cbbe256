// SPDX-License-Identifier: Apache-2.0
#include "tb/report/text_table.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::text_table_test {

TEST_CASE("a table is as wide as its widest cells, numbers to the right") {
    TextTable table("Fruit", {{"count"}, {"colour", Alignment::left}, {"price"}});
    table.add_row({"apple", "1,234,567", "red", "1.00"});
    table.add_row({"strawberry", "5", "light red", "12.50"});
    CHECK(table.text() ==
          "Fruit             count  colour     price\n"
          "  apple       1,234,567  red         1.00\n"
          "  strawberry          5  light red  12.50\n");
}

TEST_CASE("the first column can hold numbers too") {
    TextTable table("Up to", {{"misses"}}, Alignment::right);
    table.add_row({"900", "3"});
    table.add_row({"10,000", "4"});
    CHECK(table.text() ==
          "   Up to  misses\n"
          "     900       3\n"
          "  10,000       4\n");
}

TEST_CASE("letters of several bytes do not move the columns") {
    TextTable table("T", {{"n"}});
    table.add_row({"µ→█", "1"});
    table.add_row({"abc", "2"});
    CHECK(table.text() ==
          "T      n\n"
          "  µ→█  1\n"
          "  abc  2\n");
}

TEST_CASE("cells that are not given are empty, and no line ends in a space") {
    TextTable table("T", {{"n"}, {"", Alignment::left}});
    table.add_row({"a", "1", "note"});
    table.add_row({"b", "2"});
    table.add_row({"c"});
    CHECK(table.text() ==
          "T    n\n"
          "  a  1  note\n"
          "  b  2\n"
          "  c\n");
}

TEST_CASE("a table knows whether it has rows") {
    TextTable table("T", {{"n"}});
    CHECK(table.empty());
    CHECK(table.text() == "T  n\n");
    table.add_row({"a", "1"});
    CHECK_FALSE(table.empty());
}

TEST_CASE("a row of no cells or of too many is a defect") {
    TextTable table("T", {{"n"}});
    CHECK_THROWS_AS(table.add_row({"a", "1", "2"}), ModelError);
    CHECK_THROWS_AS(table.add_row({}), ModelError);
}

TEST_CASE("two blocks stand beside each other, the right one from the middle on") {
    CHECK(side_by_side("a\nbb\nc\n", "x\ny\n", 16) ==
          "a       x\n"
          "bb      y\n"
          "c\n");
    CHECK(side_by_side("a\n", "x\n\ny\n", 16) ==
          "a       x\n"
          "\n"
          "        y\n");
}

TEST_CASE("a wide left block moves the right one") {
    CHECK(side_by_side("12345678\n", "x\n", 16) == "12345678    x\n");
}

TEST_CASE("two blocks too wide for one line stand above each other") {
    CHECK(side_by_side("12345678\n", "1234\n", 16) == "12345678    1234\n");
    CHECK(side_by_side("12345678\n", "12345\n", 16) == "12345678\n\n12345\n");
}

TEST_CASE("a block beside nothing stands alone") {
    CHECK(side_by_side("", "x\n", 16) == "x\n");
    CHECK(side_by_side("a\n", "", 16) == "a\n");
    CHECK(side_by_side("", "", 16).empty());
}

}  // namespace mmusim::tb::text_table_test
