// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/comparison.hpp"

#include "page_figures.hpp"
#include "sample_documents.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::comparison_test {

namespace {

using nlohmann::ordered_json;
using tb::change_text;
using tb::compared;
using tb::DocumentView;
using tb::Pointer;
using tb::relative_change_text;
using tb::ReportDocument;

using Row = std::vector<std::string>;

[[nodiscard]] std::string change(const ordered_json& first, const ordered_json& other) {
    return change_text(&first, &other);
}

[[nodiscard]] std::string relative(const ordered_json& first, const ordered_json& other) {
    return relative_change_text(&first, &other);
}

[[nodiscard]] ordered_json count(std::uint64_t number) {
    return number;
}

[[nodiscard]] std::string comparison_of(const std::vector<ReportDocument>& documents) {
    std::vector<DocumentView> views;
    views.reserve(documents.size());
    for (const ReportDocument& document : documents) {
        views.emplace_back(document, views.size());
    }
    return tb::comparison_part(views);
}

}  // namespace

TEST_CASE("a change is the figure less that of the first, to the last digit") {
    CHECK(change(count(1000), count(3500)) == "+2,500");
    CHECK(change(count(3500), count(1000)) == "-2,500");
    CHECK(change(count(7), count(7)) == "0");
    CHECK(change(count(0), ordered_json::parse("18446744073709551615")) ==
          "+18,446,744,073,709,551,615");
    CHECK(change(ordered_json(1.5), ordered_json(1.25)) == "-0.25");
    CHECK(change(ordered_json(1.5), count(3)) == "+1.50");
    CHECK(change(ordered_json(nullptr), count(3)) == "-");
    CHECK(change(ordered_json("a"), ordered_json("b")) == "-");
    const ordered_json three = 3U;
    CHECK(change_text(nullptr, &three) == "-");
}

TEST_CASE("a relative change is of the first figure, and nothing where that is 0") {
    CHECK(relative(count(1000), count(1034)) == "+3.40 %");
    CHECK(relative(count(1000), count(250)) == "-75.00 %");
    CHECK(relative(count(7), count(7)) == "0 %");
    CHECK(relative(count(0), count(7)) == "-");
    CHECK(relative(ordered_json(-2.0), ordered_json(-1.0)) == "+50.00 %");
    CHECK(relative(ordered_json(nullptr), count(7)) == "-");
}

TEST_CASE("what any of the documents has is compared, in order of appearance") {
    const ReportDocument first{
        .name = "a",
        .content = ordered_json::parse(R"({"g": {"b": 1, "a": [2, 3], "only_first": 0}})")};
    const ReportDocument second{
        .name = "b",
        .content = ordered_json::parse(R"({"g": {"b": 1, "a": [2, 4], "only_second": 0}})")};
    const std::vector<DocumentView> views{DocumentView(first, 0), DocumentView(second, 1)};
    Row keys;
    Row differing;
    for (const tb::ComparedFigure& figure : compared(views, Pointer("/g"))) {
        keys.push_back(figure.key);
        if (!figure.same) {
            differing.push_back(figure.key);
        }
    }
    CHECK(keys == Row{"b", "a[0]", "a[1]", "only_first", "only_second"});
    CHECK(differing == Row{"a[1]", "only_first", "only_second"});
    CHECK(compared(views, Pointer("/absent")).empty());
}

TEST_CASE("one run is compared with nothing") {
    CHECK(comparison_of({as_read(sample_result_document())}).empty());
}

TEST_CASE("two equal runs have no figure and no parameter that differs") {
    const std::string html =
        comparison_of({as_read(sample_result_document()), as_read(sample_result_document())});
    CHECK_THAT(html, Catch::Contains("Machine and workload are the same."));
    CHECK_THAT(html, Catch::Contains("Their figures are all the same."));
    CHECK(row_of(html, "cycles") == Row{"5,000", "5,000", "0", "0 %"});
}

TEST_CASE("two runs are beside each other with what changed, and what was changed") {
    ordered_json other = sample_result_document();
    other["totals"]["cycles"] = 4000U;
    other["tlbs"]["l1d"]["misses"] = 5U;
    other["tlbs"].erase("l1i");
    other["processes"][1]["minor"] = 3U;
    other["config"]["tlbs"]["l1d"]["ways"] = 99U;
    other["config"]["tlbs"]["l1d"]["replacement"] = "fifo";
    const std::string html =
        comparison_of({as_read(sample_result_document(), "a<b.json"), as_read(other, "b.json")});

    CHECK_THAT(html, Catch::Contains("A: a&lt;b.json"));
    CHECK(row_of(html, "cycles") == Row{"5,000", "4,000", "-1,000", "-20.00 %"});
    CHECK(row_of(html, "l1d.misses") == Row{"4", "5", "+1", "+25.00 %"});
    CHECK(row_of(html, "l1i.lookups") == Row{"4", "-", "-", "-"});
    CHECK(row_of(html, "minor") == Row{"2", "3", "+1", "+50.00 %"});
    CHECK(row_of(html, "l1d.hits").empty());
    CHECK(row_of(html, "tlbs.l1d.replacement") == Row{"lru", "fifo"});
    CHECK(row_of(html, "tlbs.l1d.ways").back() == "99");
    CHECK(row_of(html, "tlbs.l1d.sets").empty());
    CHECK(wrong_figures(html, {sample_result_document(), other}).empty());
}

TEST_CASE("three runs are each compared with the first") {
    ordered_json second = sample_result_document();
    second["totals"]["cycles"] = 6000U;
    ordered_json third = sample_result_document();
    third["totals"]["cycles"] = 10000U;
    const std::string html =
        comparison_of({as_read(sample_result_document()), as_read(second), as_read(third)});
    CHECK(row_of(html, "cycles") ==
          Row{"5,000", "6,000", "+1,000", "+20.00 %", "10,000", "+5,000", "+100.00 %"});
}

}  // namespace mmusim::tests::comparison_test
