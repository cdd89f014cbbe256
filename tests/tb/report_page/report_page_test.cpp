// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/report_page.hpp"

#include "page_figures.hpp"
#include "sample_documents.hpp"
#include "tb/report_page/page_files.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests::report_page_test {

namespace {

using nlohmann::ordered_json;
using tb::ReportDocument;
using Row = std::vector<std::string>;

[[nodiscard]] std::string page_of(const std::vector<ordered_json>& documents,
                                  const std::optional<tb::ChartLibrary>& charts = std::nullopt) {
    std::vector<ReportDocument> read;
    read.reserve(documents.size());
    for (const ordered_json& document : documents) {
        read.push_back(as_read(document));
    }
    return tb::report_page(read, charts);
}

[[nodiscard]] tb::ChartLibrary small_library() {
    return {{.package = "vega",
             .version = "1.2.3",
             .text = "draw('</script><!-- <SCRIPT>')",
             .licence = "Free"}};
}

[[nodiscard]] std::size_t count_of(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + word.size())) {
        ++count;
    }
    return count;
}

// The documents that the page carries, as its script reads them.
[[nodiscard]] std::vector<ordered_json> carried_documents(const std::string& page) {
    std::vector<ordered_json> documents;
    constexpr std::string_view begin = "<script type=\"application/json\" class=\"document\"";
    for (std::size_t at = page.find(begin); at != std::string::npos;
         at = page.find(begin, at + 1)) {
        const std::size_t text = page.find('>', at) + 1;
        documents.push_back(
            ordered_json::parse(page.substr(text, page.find("</script>", text) - text)));
    }
    return documents;
}

}  // namespace

TEST_CASE("every number of the page stands in the document that the page carries") {
    const std::vector<ordered_json> documents{sample_result_document(),
                                              sample_exploration_document()};
    const std::string page = page_of(documents);
    CHECK(carried_documents(page) == documents);
    CHECK(figures_of(page).size() > 1000);
    CHECK(wrong_figures(page, documents).empty());
}

TEST_CASE("a page is not taken for that of a document with one other figure") {
    ordered_json other = sample_result_document();
    other["tlbs"]["l1d"]["misses"] = 5;
    const std::string page = page_of({sample_result_document()});
    CHECK(wrong_figures(page, {other}) == Row{"4 is not what stands at /tlbs/l1d/misses"});
    CHECK(wrong_figures("<td class=\"number\">12</td>", {}) == Row{"12 comes from nowhere"});
    CHECK(wrong_figures("<td class=\"derived\">12</td>", {}).empty());
}

TEST_CASE("a result has its classes, stages, TLBs, walks, faults, processes, time and machine") {
    const std::string page = page_of({sample_result_document()});
    for (const std::string part :
         {"summary", "latency", "stages", "tlbs", "walks", "memory", "faults", "timeline",
          "processes", "steps", "system", "configuration"}) {
        INFO(part);
        CHECK_THAT(page, Catch::Contains("<section id=\"document-0-" + part + "\">"));
        CHECK_THAT(page, Catch::Contains("<a href=\"#document-0-" + part + "\">"));
    }
    CHECK(row_of(page, "l2_hit") ==
          Row{"2", "20.00 %", "16", "0.38 %", "8.00", "8", "8", "8", "8", "8"});
    CHECK(row_of(page, "pte_read") ==
          Row{"120", "2.81 %", "12.00",
              "page-table entries read by the walker: the memory's own latency"});
    CHECK(row_of(page, "tlb_wait").empty());
    CHECK(row_of(page, "misses of lookups").at(1) == "33.33 %");
    CHECK(row_of(page, "pte_reads_by_level[2]").front() == "28");
    CHECK(row_of(page, "by_kind.zero_page").front() == "6");
    CHECK(row_of(page, "query").front() == "1");
    CHECK(row_of(page, "3,000") ==
          Row{"9,000", "15", "0", "0.00", "0", "0.00", "false", "9", "6", "21", "1", "12", "1"});
    CHECK(row_of(page, "3") == Row{"p write heap", "5", "0", "-", "-", "1,234"});
    CHECK(row_of(page, "tlbs.l1d.replacement") == Row{"lru"});
    CHECK_THAT(page, Catch::Contains("<p>Machine: "));
}

TEST_CASE("what a result was not asked for is not in its page") {
    ordered_json result = sample_result_document();
    result.erase("timeline");
    result.erase("steps");
    const std::string page = page_of({result});
    CHECK_THAT(page, !Catch::Contains("document-0-timeline"));
    CHECK_THAT(page, !Catch::Contains("document-0-steps"));
    CHECK_THAT(page, !Catch::Contains("Interrupted"));
    CHECK_THAT(page, !Catch::Contains("id=\"comparison\""));
}

TEST_CASE("an interrupted run is shown as such") {
    ordered_json result = sample_result_document();
    result["interrupted"] = true;
    CHECK_THAT(page_of({result}),
               Catch::Contains("<p class=\"warning\" role=\"note\">Interrupted"));
}

TEST_CASE("an exploration has its misses by sets and ways, its sizes and its distances") {
    const ordered_json exploration = sample_exploration_document();
    const std::string page = page_of({exploration});
    const ordered_json& data = exploration["streams"]["data"];
    CHECK_THAT(page, Catch::Contains("TLBs of all shapes: data"));
    CHECK_THAT(page, !Catch::Contains("TLBs of all shapes: fetch"));  // it has no access
    CHECK(row_of(page, "accesses").front() == "300");
    CHECK(row_of(page, "1").size() == data["ways"].size());
    const double rate = 1000.0 * data["misses"][0][0].get<double>() / 300;
    CHECK(std::stod(row_of(page, "1").front()) == Approx(rate).margin(0.005));
}

TEST_CASE("a sweep has a row for each point, also for one that failed") {
    const ReportDocument sweep = tb::parse_report_document(sample_sweep_lines(), "sweep.jsonl");
    const std::string page = tb::report_page({sweep}, std::nullopt);
    CHECK(wrong_figures(page, {sweep.content}).empty());
    CHECK(row_of(page, "1") ==
          Row{"1", "2", "5,001", "426.60", "1", "4,176", "1", "4", "3", "30", "13", "5", "-"});
    CHECK(row_of(page, "5") ==
          Row{"2", "3", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "no room"});
}

TEST_CASE("a sweep that has not all of its points says so") {
    std::string lines = sample_sweep_lines();
    lines = lines.substr(lines.find('\n') + 1);
    const std::string page =
        tb::report_page({tb::parse_report_document(lines, "sweep.jsonl")}, std::nullopt);
    CHECK_THAT(page, Catch::Contains("5 of 6 points are here."));
}

TEST_CASE("a name may hold what HTML and scripts would take for their own") {
    const std::string hostile = "</script><img src=x onerror=\"alert('1')\">&amp;";
    ordered_json result = sample_result_document();
    result["workload"]["traces"][0] = hostile;
    result["processes"][0]["name"] = hostile;
    const ordered_json tlb = result["tlbs"]["l1d"];
    result["tlbs"][hostile] = tlb;
    const std::string page = page_of({result}, small_library());
    CHECK(count_of(page, "<img") == 0);
    CHECK(count_of(page, "<script") == count_of(page, "</script"));
    CHECK(carried_documents(page) == std::vector<ordered_json>{result});
    CHECK(wrong_figures(page, {result}).empty());
}

TEST_CASE("scripts are in the page as they are, but for what would end their element") {
    CHECK(tb::within_script("a</script>b") == "a\\x3C/script>b");
    CHECK(tb::within_script("'<SCRIPT' + '<!--' + (1<2)") == "'\\x3CSCRIPT' + '\\x3C!--' + (1<2)");
    CHECK(tb::within_script("</scrip") == "</scrip");
    CHECK(tb::json_within_script(R"({"a": "<b>"})") == R"({"a": "\u003cb>"})");
}

TEST_CASE("with a library the page carries it, its licence and a specification for each chart") {
    const std::string page = page_of({sample_result_document()}, small_library());
    CHECK_THAT(page, Catch::Contains("vega 1.2.3\n\nFree"));
    CHECK_THAT(page, Catch::Contains("draw('\\x3C/script>"));
    for (const tb::PageFile& file : tb::page_files()) {
        if (file.name.starts_with("charts/")) {
            INFO(file.name);
            CHECK(ordered_json::parse(file.text).is_object());
            CHECK_THAT(page, Catch::Contains("data-file=\"" + std::string(file.name) + "\""));
        }
    }
}

TEST_CASE("every place for a chart has its specification, and its rows in the script") {
    const std::string page = page_of(
        {sample_result_document(), sample_result_document(), sample_exploration_document()});
    const std::string_view script = tb::page_file("page.js");
    constexpr std::string_view attribute = "data-chart=\"";
    std::size_t places = 0;
    for (std::size_t at = page.find(attribute); at != std::string::npos;
         at = page.find(attribute, at + 1)) {
        const std::size_t begin = at + attribute.size();
        const std::string chart = page.substr(begin, page.find('"', begin) - begin);
        INFO(chart);
        CHECK_NOTHROW(tb::page_file("charts/" + chart + ".json"));
        CHECK(count_of(script, "\n    " + chart + ": ") == 1);
        ++places;
    }
    CHECK(places > 20);
}

TEST_CASE("without a library the page has its tables and no script that is run") {
    const std::string page = page_of({sample_result_document()});
    CHECK(count_of(page, "<script") == 1);  // the document
    CHECK(count_of(page, "<table>") > 8);
}

TEST_CASE("the page loads nothing") {
    const std::string page =
        page_of({sample_result_document(), sample_exploration_document()}, small_library());
    CHECK_THAT(page, Catch::Contains("Content-Security-Policy\" content=\"default-src 'none'"));
    for (const char* const word : {"http:", "https:", "src=", "url(", "@import", "<link"}) {
        INFO(word);
        CHECK(count_of(page, word) == 0);
    }
}

TEST_CASE("every table has a caption, and every chart a title and a description") {
    const std::string page =
        page_of({sample_result_document(), sample_exploration_document()}, small_library());
    CHECK(count_of(page, "<table>") == count_of(page, "<caption>"));
    CHECK(count_of(page, "<figure hidden") == count_of(page, "<figcaption>"));
    CHECK(count_of(page, "<figure hidden") == count_of(page, "data-description=\""));
}

TEST_CASE("the same documents give the same bytes") {
    const std::vector<ordered_json> documents{sample_result_document(), sample_result_document(),
                                              sample_exploration_document()};
    CHECK(page_of(documents, small_library()) == page_of(documents, small_library()));
}

TEST_CASE("a document that lacks figures within its parts still has a page") {
    ordered_json result = sample_result_document();
    for (const char* const part :
         {"config", "workload", "totals", "latency_cycles", "breakdown_cycles", "classes", "tlbs",
          "walker", "memory", "faults", "os"}) {
        result[part] = ordered_json::object();
    }
    result["processes"] = ordered_json::array({1, "x", nullptr});
    result["timeline"] = ordered_json::array({nullptr, 7, {{"accesses", "many"}}});
    result["steps"] = "none";
    CHECK(wrong_figures(page_of({result, result}), {result, result}).empty());

    ordered_json exploration = sample_exploration_document();
    exploration["streams"] = {{"data", {{"translations", 5}, {"sets", {1, 2}}, {"misses", 7}}}};
    CHECK(wrong_figures(page_of({exploration}), {exploration}).empty());
}

}  // namespace mmusim::tests::report_page_test
