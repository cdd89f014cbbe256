// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/sweep_summary.hpp"

#include "hw/base/problems.hpp"
#include "tests/tb/sweep/swept_points.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tb::sweep_summary_test {

namespace {

using tests::done_point;
using tests::failed_point;
using Lines = std::vector<std::string>;

[[nodiscard]] std::string result_of(double time, unsigned misses) {
    return fmt::format(
        R"({{"tlbs":{{"l1d":{{"misses":{0}}},"l1i":{{"misses":1}}}},"derived":{{"cycles_per_translation":{1},"walks_per_1000_accesses":{0}}}}})",
        misses, time);
}

[[nodiscard]] std::string summary(const Lines& lines,
                                  std::string_view shown = default_shown_figure) {
    return sweep_summary(lines, shown, {});
}

}  // namespace

TEST_CASE("two keys make a heat map") {
    const std::string text = summary({done_point(0, 4, R"({"a":1,"b":"x"})", result_of(1.5, 7)),
                                      done_point(1, 4, R"({"a":1,"b":"y"})", result_of(2.5, 7)),
                                      failed_point(2, 4, R"({"a":2,"b":"x"})", "no"),
                                      done_point(3, 4, R"({"a":2,"b":"y"})", result_of(3.5, 7))});
    CHECK(text ==
          "4 points, 1 failed\n"
          "\n"
          "derived.cycles_per_translation: a down, b across\n"
          "\n"
          "         x        y\n"
          "1  ·· 1.50  ▒▒ 2.50\n"
          "2        -  ██ 3.50\n"
          "\n"
          "·· from 1.50  to  ██ 3.50\n");
}

TEST_CASE("other keys make a table of the figure and the rates") {
    CHECK(summary({done_point(0, 4, R"({"a":1})", result_of(1.5, 7)),
                   failed_point(2, 4, R"({"a":2})", "no"),
                   tests::interrupted_point_at(3, 4, R"({"a":3})")},
                  "l1d.misses") ==
          "3 points of 4, 1 failed, INTERRUPTED before 1 were done\n"
          "\n"
          "a    tlbs.l1d.misses  cycles/translation  walks\n"
          "  1             7.00                1.50   7.00\n"
          "  2                -                   -      -  failed\n"
          "  3                -                   -      -  interrupted\n"
          "\n"
          "misses and walks are for 1,000 accesses\n");
}

TEST_CASE("two keys that change together make a table") {
    CHECK_THAT(summary({done_point(0, 2, R"({"a":1,"b":3})", result_of(1, 1)),
                        done_point(1, 2, R"({"a":2,"b":4})", result_of(2, 1))}),
               !Catch::Contains("across"));
}

TEST_CASE("of several seeds the means are shown") {
    const std::string result =
        R"({"repeats":{"seeds":[1,2],"figures":{"derived.cycles_per_translation":
            {"mean":4.25,"spread":0.5,"min":4.0,"max":4.5}}}})";
    CHECK_THAT(summary({done_point(0, 1, R"({"a":1})", result)}), Catch::Contains("4.25"));
}

TEST_CASE("a figure is meant by its name or by the end of it, if that is one") {
    const auto result = nlohmann::ordered_json::parse(result_of(1.5, 7));
    CHECK(shown_figure("tlbs.l1d.misses", result) == "tlbs.l1d.misses");
    CHECK(shown_figure("cycles_per_translation", result) == "derived.cycles_per_translation");
    CHECK_THROWS_WITH(shown_figure("misses", result),
                      "--show misses: is the end of several, expected one of tlbs.l1d.misses, "
                      "tlbs.l1i.misses");
    CHECK_THROWS_WITH(shown_figure("tlbs.l1d.mises", result),
                      "--show tlbs.l1d.mises: no such figure; the nearest is tlbs.l1d.misses");
}

TEST_CASE("no point is said to be none") {
    CHECK(summary({}) == "0 points\n");
}

}  // namespace mmusim::tb::sweep_summary_test
