// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/document_view.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::document_view_test {

namespace {

using nlohmann::ordered_json;

[[nodiscard]] ReportDocument document_of(const char* json) {
    return {.name = "a.json", .content = ordered_json::parse(json)};
}

}  // namespace

TEST_CASE("a figure is shown as a person reads it") {
    CHECK(figure_text(ordered_json(std::uint64_t{1'234'567})) == "1,234,567");
    CHECK(figure_text(ordered_json::parse("18446744073709551615")) == "18,446,744,073,709,551,615");
    CHECK(figure_text(ordered_json(1234.5678)) == "1,234.57");
    CHECK(figure_text(ordered_json(0.0123456)) == "0.01235");
    CHECK(figure_text(ordered_json(0.0)) == "0.00");
    CHECK(figure_text(ordered_json("lru")) == "lru");
    CHECK(figure_text(ordered_json(true)) == "true");
    CHECK(figure_text(ordered_json(nullptr)) == "-");
    CHECK(figure_text(ordered_json::array({1, 2})).empty());
}

TEST_CASE("the leaves of a document are in its order, with where they stand") {
    const ordered_json value = ordered_json::parse(
        R"({"z": 1, "a/b": {"deep": "x"}, "levels": [5, 6], "table": [[1, 2]], "list": [{"c": 1}]})");
    std::vector<std::string> keys;
    for (const Leaf& leaf : leaves_of(value, Pointer())) {
        CHECK(value.at(leaf.pointer) == *leaf.value);
        keys.push_back(leaf.key);
    }
    CHECK(keys == std::vector<std::string>{"z", "a/b.deep", "levels[0]", "levels[1]"});
}

TEST_CASE("a cell says where its figure stands; where nothing stands is no figure") {
    const ReportDocument document = document_of(R"({"a": {"b": 1000}, "name": "x"})");
    const DocumentView view(document, 3);
    const Cell cell = view.cell(Pointer("/a/b"));
    CHECK(cell.text == "1,000");
    CHECK(cell.kind == CellKind::number);
    REQUIRE(cell.place);
    CHECK(cell.place->document == 3);
    CHECK(cell.place->pointer == "/a/b");
    CHECK(view.cell(Pointer("/name")).kind == CellKind::words);

    const Cell absent = view.cell(Pointer("/a/c"));
    CHECK(absent.text == "-");
    CHECK_FALSE(absent.place);
}

TEST_CASE("what is asked for is not there, or is of another kind") {
    const ReportDocument document = document_of(R"({"text": "1", "list": [1, 2], "minus": -1})");
    const DocumentView view(document, 0);
    CHECK(view.find(Pointer("/list/7")) == nullptr);
    CHECK(view.find(Pointer("/list/x")) == nullptr);
    CHECK(view.find(Pointer("/text/deeper")) == nullptr);
    CHECK_FALSE(view.count(Pointer("/text")));
    CHECK_FALSE(view.count(Pointer("/minus")));
    CHECK(view.entries(Pointer("/list")) == 2);
    CHECK(view.entries(Pointer("/text")) == 0);
    CHECK(view.names(Pointer("/list")).empty());
}

TEST_CASE("a share is the part of the whole, and nothing of nothing") {
    const Cell quarter = share_cell(1, 4);
    CHECK(quarter.text == "25.00 %");
    CHECK(quarter.kind == CellKind::derived);
    CHECK(quarter.bar == 0.25);
    CHECK(share_cell(0, 0).text == "-");
    CHECK_FALSE(share_cell(0, 0).bar);
    CHECK(share_cell(1, std::nullopt).text == "-");
    CHECK(share_cell(5, 4).bar == 1.0);
    CHECK(quotient_cell(10, 4).text == "2.50");
    CHECK(quotient_cell(std::nullopt, 4).text == "-");
    CHECK(quotient_cell(10, 0).text == "-");
}

}  // namespace mmusim::tb::document_view_test
