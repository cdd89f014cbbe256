// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/html.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::html_test {

TEST_CASE("no character of a text is taken for markup") {
    CHECK(html_escaped("a<b>&\"c\"'d'") == "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39;");
    CHECK(html_escaped("größer") == "größer");
    CHECK(html_escaped(std::string_view("a\0b", 3)) == "a\uFFFDb");
}

TEST_CASE("a table has its caption, its headings, and what each cell is") {
    HtmlTable table("Walks & reads",
                    {{.text = "level"}, {.text = "reads", .explanation = "of \"it\""}});
    table.add_row({.text = "<0>"}, {{.text = "1,234", .place = FigurePlace{2, "/a~1b/0"}}});
    table.add_group("upper");
    table.add_row({.text = "1"}, {{.text = "50.00 %", .kind = CellKind::derived, .bar = 0.5}});
    const std::string html = table.html();
    CHECK_THAT(html, Catch::Contains("<caption>Walks &amp; reads</caption>"));
    CHECK_THAT(html, Catch::Contains("<th scope=\"col\">level</th>"
                                     "<th scope=\"col\" title=\"of &quot;it&quot;\">reads</th>"));
    CHECK_THAT(html, Catch::Contains("<th scope=\"row\">&lt;0&gt;</th><td class=\"number\" "
                                     "data-document=\"2\" data-at=\"/a~1b/0\">1,234</td>"));
    CHECK_THAT(html, Catch::Contains("<th scope=\"rowgroup\" colspan=\"2\">upper</th>"));
    CHECK_THAT(
        html, Catch::Contains("<td class=\"derived bar\" style=\"--bar-end:50.0%;\">50.00 %</td>"));
}

TEST_CASE("a table without rows is nothing, and so is what folds it") {
    const HtmlTable table("Nothing", {{.text = "name"}, {.text = "figure"}});
    CHECK(table.empty());
    CHECK(table.html().empty());
    CHECK(folded("more", table.html()).empty());
}

TEST_CASE("a row has no more cells than its table has columns; those it lacks are empty") {
    HtmlTable table("Two", {{.text = "name"}, {.text = "one"}, {.text = "two"}});
    table.add_row({.text = "short"}, {{.text = "1", .kind = CellKind::derived}});
    CHECK_THAT(table.html(), Catch::Contains("<td class=\"number\"></td></tr>"));
    CHECK_THROWS_AS(table.add_row({.text = "long"}, {Cell{}, Cell{}, Cell{}}), ModelError);
}

TEST_CASE("a chart has a title, words for who does not see it, and is hidden until it is drawn") {
    const std::string html = chart_place({.chart = "miss_curves",
                                          .title = "Misses < all",
                                          .description = "A \"line\".",
                                          .documents = {0, 2},
                                          .part = "data"});
    CHECK_THAT(html, Catch::StartsWith("<figure hidden data-chart=\"miss_curves\" "
                                       "data-documents=\"0 2\" data-part=\"data\" "
                                       "data-description=\"A &quot;line&quot;.\">"));
    CHECK_THAT(html, Catch::Contains("<figcaption>Misses &lt; all</figcaption>"));
}

}  // namespace mmusim::tb::html_test
