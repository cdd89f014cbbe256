// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"
#include "tests/tb/report_page/page_figures.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::report_command_test {

namespace {

using nlohmann::ordered_json;
using Files = std::vector<std::string>;

// A place where no library for charts is, whatever the machine has.
const std::vector<std::string> without_charts{"--vega", "no-charts"};

[[nodiscard]] Outcome reported(const Workplace& workplace, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "report");
    arguments.insert(arguments.end(), without_charts.begin(), without_charts.end());
    return workplace.mmusim(arguments);
}

void simulate(const Workplace& workplace, const std::string& json,
              const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", "--preset", "plain", "--json", json};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(workplace.mmusim(arguments).status == 0);
}

[[nodiscard]] ordered_json document_of(const Workplace& workplace, const std::string& name) {
    return ordered_json::parse(workplace.contents_of(name));
}

const std::string small_program = "generate:zipf,footprint=1MiB,accesses=20000";

}  // namespace

TEST_CASE("a report of two runs and an exploration has no number that is not in their documents") {
    const Workplace workplace;
    simulate(workplace, "a.json", {"--interval", "5000", small_program, small_program});
    simulate(workplace, "b.json", {"--set", "tlbs.l1d.ways=2", small_program});
    REQUIRE(workplace.mmusim({"explore", "--json", "c.json", small_program}).status == 0);
    const Outcome outcome = reported(workplace, {"a.json", "b.json", "c.json", "-o", "page.html"});
    CHECK(outcome.status == 0);
    CHECK(outcome.output.empty());

    const std::string page = workplace.contents_of("page.html");
    CHECK(figures_of(page).size() > 1000);
    CHECK(wrong_figures(page, {document_of(workplace, "a.json"), document_of(workplace, "b.json"),
                               document_of(workplace, "c.json")})
              .empty());
    CHECK(row_of(page, "tlbs.l1d.ways") == std::vector<std::string>{"4", "2"});
}

TEST_CASE("a report of a day of an operating system has its lines") {
    const Workplace workplace;
    const std::string script = std::string(MMUSIM_SCRIPTS) + "/fork-copy-on-write.workload";
    simulate(workplace, "day.json", {"--workload", script});
    CHECK(reported(workplace, {"day.json", "-o", "page.html"}).status == 0);
    const std::string page = workplace.contents_of("page.html");
    const ordered_json day = document_of(workplace, "day.json");
    CHECK(wrong_figures(page, {day}).empty());
    for (const ordered_json& step : day["steps"]) {
        const std::string line = std::to_string(step["line"].get<int>());
        CHECK(row_of(page.substr(page.find("document-0-steps\">\n")), line).front() ==
              step["text"].get<std::string>());
    }
}

TEST_CASE("without what draws the charts a report has its tables, and says how they are brought") {
    const Workplace workplace;
    simulate(workplace, "a.json", {small_program});
    const Outcome outcome = reported(workplace, {"a.json", "-o", "page.html"});
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.errors,
               Catch::StartsWith("mmusim: page.html has tables and no charts; this brings what "
                                 "draws them: npm install --prefix no-charts vega@"));
    CHECK_THAT(workplace.contents_of("page.html"), Catch::Contains("</table>"));

    const Outcome by_environment =
        workplace.shell("MMUSIM_VEGA=elsewhere $mmusim report a.json -o page.html");
    CHECK(by_environment.status == 0);
    CHECK_THAT(by_environment.errors, Catch::Contains("npm install --prefix elsewhere "));
}

TEST_CASE("the same results give the same page, byte for byte, also on standard output") {
    const Workplace workplace;
    simulate(workplace, "a.json", {small_program});
    CHECK(reported(workplace, {"a.json", "-o", "one.html"}).status == 0);
    const Outcome outcome = reported(workplace, {"a.json", "-o", "-"});
    CHECK(outcome.status == 0);
    CHECK(outcome.output == workplace.contents_of("one.html"));
}

TEST_CASE("what cannot be reported is said in one message, and no page is left") {
    const Workplace workplace;
    simulate(workplace, "a.json", {small_program});
    const std::string whole = workplace.contents_of("a.json");
    static_cast<void>(workplace.file("half.json", whole.substr(0, whole.size() / 2)));
    static_cast<void>(workplace.file("other.json", R"({"schema": "other"})"));
    static_cast<void>(workplace.file("trace.lackey", " L 1000,8\n"));
    const Files before = workplace.files();

    CHECK(complains(reported(workplace, {"a.json", "-o", "a.json"}),
                    "a.json: is an input of this run, expected another file"));
    for (const std::string name : {"half.json", "other.json", "trace.lackey", "absent.json", "."}) {
        INFO(name);
        const Outcome outcome = reported(workplace, {"a.json", name, "-o", "page.html"});
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK_THAT(outcome.errors, Catch::StartsWith("mmusim: " + name + ":"));
    }
    CHECK_THAT(reported(workplace, {"other.json", "-o", "page.html"}).errors,
               Catch::Contains("schema \"other\", expected what `mmusim run --json`"));
    CHECK_THAT(reported(workplace, {"a.json", "-o", "absent/page.html"}).errors,
               Catch::StartsWith("mmusim: absent/page.html: "));
    CHECK(reported(workplace, {"a.json", "-o", "absent/page.html"}).status == 2);
    CHECK(reported(workplace, {"a.json"}).status == 2);
    CHECK(reported(workplace, {"-o", "page.html"}).status == 2);
    CHECK(workplace.files() == before);
}

}  // namespace mmusim::tests::report_command_test
