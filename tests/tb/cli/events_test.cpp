// SPDX-License-Identifier: Apache-2.0
// Each translation as slices, and each walk as a line.
#include "tests/tb/cli/program.hpp"
#include "tests/tb/events/sliced_translations.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::events_test {

namespace {

using Files = std::vector<std::string>;
using nlohmann::json;

const std::string shipped_trace = MMUSIM_TRACES "/sqlite-group-by.mmutrace.xz";

std::size_t line_count(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// What a run has to say of itself in all ways at once.
const std::vector<std::string> all_outputs{"--json",   "r.json",      "--accesses", "rows.csv",
                                           "--events", "slices.json", "--log",      "walks.log"};

Outcome run_with_all_outputs(const Workplace& workplace, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "run");
    arguments.insert(arguments.end(), all_outputs.begin(), all_outputs.end());
    return workplace.mmusim(arguments);
}

}  // namespace

TEST_CASE("the log has a line for each walk, with its entries in words") {
    const Workplace workplace;
    static_cast<void>(workplace.file("two.lackey", " L 40000000,8\n S 40001000,8\n"));
    REQUIRE(
        workplace.mmusim({"run", "--preset", "plain", "--log", "walks.log", "two.lackey"}).status ==
        0);
    CHECK(workplace.contents_of("walks.log") ==
          "cycle 8 asid 0 walker 0 read 0x40000000"
          " | level 2 at 0x8: 0x0000000000000000 -------- not valid"
          " | page fault: the entry is not valid"
          " | 20 cycles\n"
          "cycle 36 asid 0 walker 0 read 0x40000000"
          " | level 2 at 0x8: 0x0000000000000401 V------- leads to table 0x1000"
          " | level 1 at 0x1000: 0x0000000000000801 V------- leads to table 0x2000"
          " | level 0 at 0x2000: 0x0000000000000cdf VRWXU-AD 4KiB page at 0x3000"
          " | 4KiB page at 0x3000"
          " | 60 cycles\n"
          "cycle 104 asid 0 walker 0 write 0x40001000"
          " | level 2 at 0x8: 0x0000000000000401 V------- leads to table 0x1000"
          " | level 1 at 0x1000: 0x0000000000000801 V------- leads to table 0x2000"
          " | level 0 at 0x2008: 0x0000000000000000 -------- not valid"
          " | page fault: the entry is not valid"
          " | 60 cycles\n"
          "cycle 172 asid 0 walker 0 write 0x40001000"
          " | level 2 at 0x8: 0x0000000000000401 V------- leads to table 0x1000"
          " | level 1 at 0x1000: 0x0000000000000801 V------- leads to table 0x2000"
          " | level 0 at 0x2008: 0x00000000000010df VRWXU-AD 4KiB page at 0x4000"
          " | 4KiB page at 0x4000"
          " | 60 cycles\n");
}

TEST_CASE("slices agree with the rows of the same run, for the scripts that are shipped") {
    const std::string script =
        GENERATE(as<std::string>{}, "a-major-fault", "swap-storm", "fork-copy-on-write",
                 "segmentation-fault", "asids-against-flushing");
    INFO(script);
    const Workplace workplace;
    const Outcome outcome =
        run_with_all_outputs(workplace, {"--events-hits", "--events-limit", "0", "--workload",
                                         MMUSIM_SCRIPTS "/" + script + ".workload"});
    CHECK(outcome.errors.empty());
    REQUIRE(outcome.status == 0);
    CHECK_THAT(differences_from_rows(workplace.path_of("slices.json"),
                                     workplace.path_of("rows.csv"), true),
               Catch::Equals(""));
    const json result = workplace.json_of("r.json");
    CHECK(line_count(workplace.contents_of("walks.log")) ==
          result.at("walker").at("walks").get<std::size_t>());
}

TEST_CASE(
    "of the real trace the slices are of those that missed, and no more than were asked for") {
    const Workplace workplace;
    REQUIRE(run_with_all_outputs(workplace,
                                 {"--limit", "100000", "--events-limit", "700", shipped_trace})
                .status == 0);
    const std::vector<SlicedTranslation> translations =
        read_sliced_translations(workplace.path_of("slices.json"));
    CHECK(translations.size() == 700);
    const auto hits = std::count_if(
        translations.begin(), translations.end(),
        [](const SlicedTranslation& translation) { return translation.name == "l1_hit"; });
    CHECK(hits < 20);
    CHECK_THAT(differences_from_rows(workplace.path_of("slices.json"),
                                     workplace.path_of("rows.csv"), false),
               Catch::Equals(""));
}

TEST_CASE("both begin with the measurement") {
    const Workplace workplace;
    REQUIRE(run_with_all_outputs(workplace, {"--warmup", "20000", "--limit", "40000",
                                             "--events-limit", "0", shipped_trace})
                .status == 0);
    const json result = workplace.json_of("r.json");
    CHECK(line_count(workplace.contents_of("walks.log")) ==
          result.at("walker").at("walks").get<std::size_t>());
    const std::vector<SlicedTranslation> translations =
        read_sliced_translations(workplace.path_of("slices.json"));
    REQUIRE_FALSE(translations.empty());
    CHECK(translations.front().access >= 20'000);
}

TEST_CASE("events and a log change no figure, and equal runs write equal bytes") {
    const Workplace workplace;
    const std::string program = "generate:gups,accesses=3000,footprint=4MiB";
    REQUIRE(workplace.mmusim({"run", "--json", "without.json", program}).status == 0);
    REQUIRE(workplace
                .mmusim({"run", "--json", "with.json", "--events", "one.json", "--log", "one.log",
                         program})
                .status == 0);
    REQUIRE(workplace.mmusim({"run", "--events", "two.json", "--log", "two.log", program}).status ==
            0);
    const auto same = [&workplace](const char* one, const char* other) {
        return workplace.contents_of(one) == workplace.contents_of(other);
    };
    CHECK(same("with.json", "without.json"));
    CHECK(same("one.json", "two.json"));
    CHECK(same("one.log", "two.log"));
}

TEST_CASE("a run that fails leaves neither slices nor a log") {
    const Workplace workplace;
    static_cast<void>(workplace.file("bad.lackey", " L 1000,8\n L nonsense\n"));
    CHECK(run_with_all_outputs(workplace, {"bad.lackey"}).status == 2);
    CHECK(workplace.files() == Files{"bad.lackey"});
}

}  // namespace mmusim::tests::events_test
