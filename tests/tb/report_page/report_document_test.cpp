// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/report_document.hpp"

#include "hw/base/problems.hpp"
#include "sample_documents.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tests::report_document_test {

namespace {

using nlohmann::ordered_json;
using tb::DocumentKind;
using tb::parse_report_document;

[[nodiscard]] std::string refusal_of(const std::string& text) {
    try {
        static_cast<void>(parse_report_document(text, "a.json"));
    } catch (const InputError& error) {
        return error.what();
    }
    return "taken";
}

[[nodiscard]] std::string refusal_of(const ordered_json& document) {
    return refusal_of(document.dump());
}

constexpr const char* expected =
    ", expected what `mmusim run --json` (mmusim-result), `mmusim explore --json` "
    "(mmusim-exploration) or `mmusim sweep --json` (mmusim-sweep-point) writes";

}  // namespace

TEST_CASE("a document is told by its schema, and keeps its order") {
    const ordered_json result = sample_result_document();
    const tb::ReportDocument document = as_read(result, "run.json");
    CHECK(document.kind == DocumentKind::result);
    CHECK(document.name == "run.json");
    CHECK(document.content.dump() == result.dump());
    CHECK(as_read(sample_exploration_document()).kind == DocumentKind::exploration);
}

TEST_CASE("a document says whether its run was interrupted") {
    ordered_json result = sample_result_document();
    CHECK_FALSE(as_read(result).interrupted());
    result["interrupted"] = true;
    CHECK(as_read(result).interrupted());
}

TEST_CASE("a file that is no document of the program is refused with what was expected") {
    CHECK(refusal_of(std::string("[1, 2]")) == std::string("a.json: no \"schema\"") + expected);
    CHECK(refusal_of(std::string("{\"traces\": []}")) ==
          std::string("a.json: no \"schema\"") + expected);
    CHECK(refusal_of(std::string("{\"schema\": \"other-<tool>\"}")) ==
          std::string("a.json: schema \"other-<tool>\"") + expected);
    CHECK(refusal_of(std::string("{\"schema\": 7}")) ==
          std::string("a.json: schema number") + expected);
    CHECK_THAT(refusal_of(std::string("TRACE\n")), Catch::StartsWith("a.json:1: "));
}

TEST_CASE("a file that was cut off is refused with the line where it ends") {
    const std::string whole = sample_result_document().dump(2);
    const std::string half = whole.substr(0, whole.size() / 2);
    CHECK_THAT(refusal_of(half), Catch::StartsWith("a.json:"));
    CHECK_THAT(refusal_of(half), Catch::Contains("syntax error"));
}

TEST_CASE("a result of another version, or without one of its parts, is refused") {
    ordered_json result = sample_result_document();
    SECTION("a later version") {
        result["schema_version"] = 2;
        CHECK(refusal_of(result) == "a.json: schema_version 2, expected 1 of mmusim-result");
    }
    SECTION("no version") {
        result.erase("schema_version");
        CHECK(refusal_of(result) == "a.json: schema_version missing, expected 1 of mmusim-result");
    }
    SECTION("a part of another kind") {
        result["walker"] = 7;
        CHECK(refusal_of(result) ==
              "a.json: \"walker\" is missing or no object, expected a whole mmusim-result");
    }
    SECTION("a part is missing") {
        result.erase("processes");
        CHECK(refusal_of(result) ==
              "a.json: \"processes\" is missing or no list, expected a whole mmusim-result");
    }
}

TEST_CASE("what is nested deeper than any document is refused") {
    ordered_json result = sample_result_document();
    ordered_json deep = 1;
    for (int level = 0; level < 100; ++level) {
        deep = ordered_json::array({deep});
    }
    result["deep"] = deep;
    CHECK_THAT(refusal_of(result), Catch::StartsWith("a.json: more than 64 levels of nesting"));

    constexpr std::size_t brackets = 1'000'000;
    CHECK_THAT(refusal_of(std::string(brackets, '[')), Catch::StartsWith("a.json:1: "));
}

TEST_CASE("a sweep is told by its first line, and has its points in their order") {
    const std::string lines = sample_sweep_lines();
    const tb::ReportDocument sweep = parse_report_document(lines, "sweep.jsonl");
    CHECK(sweep.kind == DocumentKind::sweep);
    const ordered_json& points = sweep.content.at("points");
    REQUIRE(points.size() == 6);
    CHECK(points[1]["keys"] == ordered_json{{"tlbs.l1d.sets", 1}, {"tlbs.l1d.ways", 2}});
    CHECK(points[1]["result"]["totals"]["cycles"] == 5001);
    CHECK_FALSE(points[1]["result"].contains("config"));
    CHECK(points[5]["error"] == "no room");

    const std::string cut_off = lines.substr(0, lines.size() - 5);
    CHECK(refusal_of(cut_off) == "a.json:6: no JSON, expected a line of mmusim-sweep-point");
    CHECK(refusal_of(lines + "{\"schema\": \"other\"}\n") ==
          "a.json:7: no whole point, expected a line of mmusim-sweep-point 1");
}

TEST_CASE("a name that is not UTF-8 is made so") {
    const tb::ReportDocument document = as_read(sample_result_document(), "a\xFF.json");
    CHECK(document.name == "a\uFFFD.json");
}

TEST_CASE("a file that cannot be read is refused") {
    const ScratchDirectory directory;
    CHECK_THROWS_AS(tb::read_report_document(directory.path_of("absent.json")), InputError);
    CHECK_THROWS_AS(tb::read_report_document(directory.path().string()), InputError);
    CHECK_THROWS_AS(tb::read_report_document(directory.file("empty.json", "")), InputError);
    const std::string file = directory.file("run.json", sample_result_document().dump());
    CHECK(tb::read_report_document(file).name == file);
}

}  // namespace mmusim::tests::report_document_test
