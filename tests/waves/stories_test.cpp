// SPDX-License-Identifier: Apache-2.0
// Each story of tb/stories/ against its view in waves/ and its page in docs/stories/.
#include "tests/support/vcd_file.hpp"
#include "tests/tb/cli/program.hpp"
#include "tests/waves/text_lines.hpp"
#include "tests/waves/view_checks.hpp"
#include "tests/waves/wave_page.hpp"
#include "tests/waves/wave_view.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace mmusim::tests::stories_test {

namespace {

namespace fs = std::filesystem;

/// The clock of the preset plain, on whose variations all of them play.
constexpr std::uint64_t period_ps = 1000;

const std::string root = MMUSIM_ROOT "/";

/// The files of that ending in a folder, without their endings.
std::set<std::string> names_in(const std::string& folder, const std::string& ending) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(root + folder)) {
        if (entry.path().extension() == ending) {
            names.insert(entry.path().stem().string());
        }
    }
    return names;
}

/// Scripts, and the benches that are programs.
std::set<std::string> stories() {
    std::set<std::string> names = names_in("tb/stories", ".workload");
    for (const std::string& source : names_in("tb/stories", ".cpp")) {
        std::string name = std::regex_replace(source, std::regex("_module$"), "");
        std::replace(name.begin(), name.end(), '_', '-');
        names.insert(name);
    }
    return names;
}

std::string page_of(const std::string& story) {
    return root + "docs/stories/" + story + ".md";
}

/// As tb/stories/play.sh plays it.
Outcome play(const Workplace& workplace, const std::string& story,
             const std::vector<std::string>& options = {}) {
    const std::string script = root + "tb/stories/" + story + ".workload";
    if (!fs::exists(script)) {
        return workplace.shell(
            fmt::format("{}/{} {}", MMUSIM_BENCHES, story, workplace.path_of("w.vcd")));
    }
    std::vector<std::string> arguments{
        "run", "--preset", "plain", "--workload", script, "--vcd", workplace.path_of("w.vcd")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return workplace.mmusim(arguments);
}

VcdFile recording_of(const std::string& story) {
    const Workplace workplace;
    const Outcome outcome = play(workplace, story);
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return read_vcd(workplace.path_of("w.vcd"));
}

}  // namespace

TEST_CASE("a sum is worked out as it stands") {
    CHECK(worked_out("7") == 7);
    CHECK(worked_out("1 + 7 + 2 + 3 × (1 + 20) + 1") == 74);
    CHECK(worked_out("2 × (1 + 2 × 3) × 2") == 28);
    for (const char* const wrong : {"", "1 +", "1 2", "2 × (3", "x", "1 - 1"}) {
        INFO(wrong);
        CHECK_THROWS_AS(worked_out(wrong), std::runtime_error);
    }
}

TEST_CASE("each story has its view, its page, its picture and its line in the index") {
    std::set<std::string> views = names_in("waves", ".gtkw");
    CHECK(views.erase("first_faults") == 1);
    std::set<std::string> pages = names_in("docs/stories", ".md");
    CHECK(pages.erase("README") == 1);
    std::set<std::string> indexed;
    for (const std::string& line : lines_of(page_of("README"))) {
        std::smatch row;
        if (std::regex_match(line, row, std::regex(R"(\| \[[^\]]+\]\(([\w-]+)\.md\) \| .+ \|)"))) {
            indexed.insert(row.str(1));
        }
    }

    CHECK(stories().size() >= 13);
    CHECK(views == stories());
    CHECK(pages == stories());
    CHECK(indexed == stories());
    CHECK(names_in("docs/pictures/stories", ".png") == stories());
}

TEST_CASE("a page shows its own picture, and says how to see it move") {
    for (const std::string& story : stories()) {
        INFO(story);
        const std::vector<std::string> page = lines_of(page_of(story));
        const auto has_line_with = [&page](const std::string& text) {
            return std::any_of(page.begin(), page.end(), [&text](const std::string& line) {
                return line.find(text) != std::string::npos;
            });
        };
        CHECK(has_line_with(fmt::format("(../pictures/stories/{}.png)", story)));
        CHECK(has_line_with(fmt::format("    tb/stories/play.sh {}", story)));
        CHECK(has_line_with(fmt::format("    gtkwave waves/{}.gtkw", story)));
    }
}

TEST_CASE("every signal that a story's view shows is recorded, as wide as it says") {
    for (const std::string& story : stories()) {
        INFO(story);
        const WaveView view = view_named(story);
        const VcdFile recording = recording_of(story);
        check_form_of_view(story);
        CHECK(view.signals.size() > 10);
        check_signals(view, recording);
        CHECK(check_states(view, recording) >= 4);
    }
}

TEST_CASE("every step that a story's page tells is in the recording, and in view") {
    for (const std::string& story : stories()) {
        INFO(story);
        const WaveView view = view_named(story);
        const std::vector<ToldStep> steps = steps_of(lines_of(page_of(story)));
        CHECK(steps.size() >= 6);
        check_steps(steps, view, recording_of(story), period_ps);

        std::set<std::string> shown;
        for (const ViewedSignal& signal : view.signals) {
            shown.insert(short_name(signal.name));
        }
        for (const ToldStep& step : steps) {
            INFO(step.row);
            CHECK(shown.count(step.signal) == 1);
        }
    }
}

TEST_CASE("each marker lies at the step of the page that names it") {
    for (const std::string& story : stories()) {
        INFO(story);
        std::map<std::string, std::uint64_t> told;
        for (const ToldStep& step : steps_of(lines_of(page_of(story)))) {
            if (step.marker) {
                told[*step.marker] = step.cycle * period_ps;
            }
        }
        CHECK(view_named(story).markers == told);
    }
}

TEST_CASE("a view opens on all of its markers, and on little more") {
    for (const std::string& story : stories()) {
        INFO(story);
        const WaveView view = view_named(story);
        // GTKWave shows 2^-zoom units of time on 200 pixels; a window of 1280 has 1000 for the
        // waves.
        const double end = static_cast<double>(view.begin) + std::exp2(-view.zoom) / 200 * 1000;
        REQUIRE(view.markers.size() >= 3);
        double last = 0;
        for (const auto& [name, time] : view.markers) {
            INFO(name);
            CHECK(time >= view.begin);
            CHECK(static_cast<double>(time) < end);
            last = std::max(last, static_cast<double>(time));
        }
        // Where a recording ends too early, GTKWave begins elsewhere.
        CHECK(end < static_cast<double>(recording_of(story).end));
        const double first = static_cast<double>(view.begin);
        CHECK(end - first < 1.3 * (last - first));
    }
}

TEST_CASE("the time from marker to marker is what the page works out by hand") {
    for (const std::string& story : stories()) {
        INFO(story);
        const WaveView view = view_named(story);
        const std::vector<ToldTime> times = times_of(lines_of(page_of(story)));
        CHECK(times.size() >= 2);
        for (const ToldTime& time : times) {
            INFO(time.row);
            REQUIRE(view.markers.count(time.from) == 1);
            REQUIRE(view.markers.count(time.to) == 1);
            CHECK((view.markers.at(time.to) - view.markers.at(time.from)) / period_ps ==
                  time.cycles);
            CHECK(worked_out(time.by_hand) == time.cycles);
        }
    }
}

TEST_CASE("each story stands the second opinion, recorded or not") {
    for (const std::string& story : names_in("tb/stories", ".workload")) {
        INFO(story);
        const Workplace workplace;
        const Outcome recorded = play(workplace, story);
        const Outcome checked = play(workplace, story, {"--check"});
        INFO(checked.errors);
        CHECK(checked.status == 0);
        CHECK(checked.output == recorded.output);
    }
}

TEST_CASE("a bench that is a program says how it is called") {
    const Workplace workplace;
    const Outcome outcome = workplace.shell(std::string(MMUSIM_BENCHES) + "/fence-during-a-walk");
    CHECK(outcome.status == 2);
    CHECK(outcome.errors.find("usage") != std::string::npos);
}

}  // namespace mmusim::tests::stories_test
