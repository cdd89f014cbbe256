// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/comparison.hpp"

#include "tb/workload/script_reader.hpp"
#include "tests/kernel/comparison_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace mmusim::tests::comparison_test {

namespace {

const std::string text =
    "process p\n"
    "p map region 16KiB anon private rw\n"
    "p write region\n";

[[nodiscard]] tb::Script script() {
    return tb::parse_script(text, "example.script");
}

[[nodiscard]] ModelRun model() {
    return {.knobs = {}, .figures = {{}, {}, {.minor = 4}}};
}

/// A run in which the last line has these figures.
[[nodiscard]] KernelRun kernel(const Figures& written) {
    const LeftOut process{.reason = "nothing is counted", .since_line = 1};
    return {.steps = {{.left_out = process}, {.figures = Figures{}}, {.figures = written}}};
}

/// The last line, when the kernel's runs give it these figures, and the last of them again.
[[nodiscard]] ComparedLine written_line(std::vector<Figures> runs) {
    std::size_t run = 0;
    const auto next_run = [&] {
        const Figures figures = runs.at(run);
        run = std::min(run + 1, runs.size() - 1);
        return kernel(figures);
    };
    return compare(script(), model(), next_run).back();
}

}  // namespace

TEST_CASE("a line that gives other figures in every run differs") {
    CHECK(written_line({{.minor = 5}}).differs());
    CHECK(written_line({{.minor = 4, .major = 1}}).differs());
    CHECK(written_line({{.minor = 4, .signal = "SIGSEGV MAPERR"}}).differs());
    CHECK(written_line({{.minor = 4, .error = "ENOMEM"}}).differs());
}

TEST_CASE("one run in which the kernel does as the model is enough") {
    const ComparedLine line = written_line({{.minor = 5}, {.minor = 4}, {.minor = 5}});
    CHECK_FALSE(line.differs());
    CHECK_FALSE(line.left_out);
}

TEST_CASE("a line that gives other figures in each run is left out") {
    const ComparedLine line = written_line({{.minor = 5}, {.minor = 6}});
    CHECK_FALSE(line.differs());
    CHECK(line.left_out);
}

TEST_CASE("a line that differs for want of a huge page is left out") {
    KernelRun short_run = kernel({.minor = 512});
    short_run.huge_pages_ran_short = true;
    CHECK(beside(script(), model(), short_run).back().left_out);

    short_run.steps.back().figures = Figures{.minor = 4};
    CHECK_FALSE(beside(script(), model(), short_run).back().left_out);
}

TEST_CASE("a summary counts every line once") {
    Summary summary;
    summary.add(beside(script(), model(), kernel({.minor = 4})));
    summary.add(beside(script(), model(), kernel({.minor = 5})));

    CHECK(summary.same == 3);
    CHECK(summary.different == 1);
    CHECK_FALSE(summary.missing);
    CHECK(text_of(summary) ==
          "     6  lines\n"
          "     4  compared\n"
          "     1  different\n"
          "     2  not compared: nothing is counted\n");
}

TEST_CASE("what a machine cannot do is told, with all that follows") {
    const LeftOut ended{.reason = "no swap", .since_line = 2, .was_done = false};
    const Comparison comparison =
        beside(script(), model(),
               {.steps = {{.figures = Figures{}}, {.left_out = ended}, {.left_out = ended}}});

    Summary summary;
    summary.add(comparison);

    CHECK(summary.missing == "no swap");
    CHECK(table_of("example.script", comparison) ==
          "example.script                             model  kernel\n"
          "    1  process p                           0/0    0/0     same\n"
          "    2  p map region 16KiB anon private rw  0/0            not compared: no swap\n"
          "    3  p write region                      4/0            not compared, nor is anything "
          "after line 2\n");
}

TEST_CASE("a table shows both and says what differs") {
    CHECK(table_of("example.script", beside(script(), model(), kernel({.minor = 5}))) ==
          "example.script                             model  kernel\n"
          "    1  process p                           0/0            not compared: nothing is "
          "counted\n"
          "    2  p map region 16KiB anon private rw  0/0    0/0     same\n"
          "    3  p write region                      4/0    5/0     DIFFERS\n");
}

TEST_CASE("figures are told with what ended the line") {
    CHECK(in_words({.minor = 32, .signal = "SIGSEGV ACCERR"}) == "32/0 SIGSEGV ACCERR");
    CHECK(in_words({.error = "ENOMEM"}) == "0/0 ENOMEM");
}

}  // namespace mmusim::tests::comparison_test
