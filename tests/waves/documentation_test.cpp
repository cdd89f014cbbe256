// SPDX-License-Identifier: Apache-2.0
// docs/waves.md against what the program records.
#include "tests/support/vcd_file.hpp"
#include "tests/waves/recording.hpp"
#include "tests/waves/text_lines.hpp"
#include "tests/waves/wave_page.hpp"
#include "tests/waves/wave_view.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <string>
#include <vector>

namespace mmusim::tests::documentation_test {

namespace {

const std::string page_path = MMUSIM_ROOT "/docs/waves.md";

VcdFile first_faults_recording() {
    const Workplace workplace;
    REQUIRE(record(workplace, "w.vcd", first_faults_from, first_faults_to).status == 0);
    return read_vcd(workplace.path_of("w.vcd"));
}

/// The kinds of signals: the names of TLBs, caches, walkers and channels do not matter.
std::string kind_of(const std::string& name) {
    const std::string walker =
        std::regex_replace(name, std::regex("^walker\\.walker\\d+"), "walker.WALKER");
    const std::string channel =
        std::regex_replace(walker, std::regex("^memory\\.channel\\d+"), "memory.CHANNEL");
    const std::string cache = std::regex_replace(channel, std::regex("^\\w+_cache\\."), "CACHE.");
    return std::regex_replace(cache, std::regex("^l\\d[a-z]?\\."), "TLB.");
}

}  // namespace

TEST_CASE("the page tells of every signal and its width, and of no other") {
    std::map<std::string, unsigned> told;
    const std::regex signal_row(R"(\| `(\S+)` \| (\d+) \| .+ \|)");
    for (const std::string& line : lines_of(page_path)) {
        std::smatch row;
        if (std::regex_match(line, row, signal_row)) {
            told[row.str(1)] = static_cast<unsigned>(std::stoul(row.str(2)));
        }
    }

    std::map<std::string, unsigned> recorded;
    for (const auto& [name, signal] : first_faults_recording().signals) {
        recorded[kind_of(short_name(name))] = signal.width;
    }
    CHECK(told == recorded);
}

TEST_CASE("every step that the page tells is in the recording") {
    const std::vector<ToldStep> steps = steps_of(lines_of(page_path));

    REQUIRE(steps.size() > 30);
    check_steps(steps, read_wave_view(MMUSIM_ROOT "/waves/first_faults.gtkw"),
                first_faults_recording(), cycle_ps);
}

}  // namespace mmusim::tests::documentation_test
