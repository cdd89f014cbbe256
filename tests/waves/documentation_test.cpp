// SPDX-License-Identifier: Apache-2.0
// docs/waves.md against what the program records.
#include "tests/support/vcd_file.hpp"
#include "tests/waves/recording.hpp"
#include "tests/waves/wave_view.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace mmusim::tests::documentation_test {

namespace {

const std::string root_scope = "SystemC.mmusim.";

/// The lines of the page that match, with their groups.
std::vector<std::smatch> rows(const std::vector<std::string>& lines, const std::regex& pattern) {
    std::vector<std::smatch> result;
    for (const std::string& line : lines) {
        std::smatch match;
        if (std::regex_match(line, match, pattern)) {
            result.push_back(match);
        }
    }
    return result;
}

std::vector<std::string> page_lines() {
    std::ifstream page(MMUSIM_ROOT "/docs/waves.md");
    std::vector<std::string> lines;
    for (std::string line; std::getline(page, line);) {
        lines.push_back(line);
    }
    return lines;
}

VcdFile first_faults_recording() {
    const Workplace workplace;
    REQUIRE(record(workplace, "w.vcd", first_faults_from, first_faults_to).status == 0);
    return read_vcd(workplace.path_of("w.vcd"));
}

/// As the page writes it: the name without the outermost scopes and the range of bits.
std::string short_name(const std::string& name) {
    return name.substr(root_scope.size(), name.find('[') - root_scope.size());
}

/// By the short names of signals, the values of their states by name.
std::map<std::string, std::map<std::string, std::uint64_t>> named_states() {
    std::map<std::string, std::map<std::string, std::uint64_t>> states;
    const std::string directory = MMUSIM_ROOT "/waves/";
    for (const ViewedSignal& signal : read_wave_view(directory + "first_faults.gtkw").signals) {
        if (signal.filter) {
            for (const auto& [digits, name] : read_wave_filter(directory + *signal.filter)) {
                states[short_name(signal.name)][name] = std::stoull(digits, nullptr, 16);
            }
        }
    }
    return states;
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
    const std::vector<std::string> lines = page_lines();
    std::map<std::string, unsigned> told;
    for (const std::smatch& row : rows(lines, std::regex(R"(\| `(\S+)` \| (\d+) \| .+ \|)"))) {
        told[row.str(1)] = static_cast<unsigned>(std::stoul(row.str(2)));
    }

    std::map<std::string, unsigned> recorded;
    for (const auto& [name, signal] : first_faults_recording().signals) {
        recorded[kind_of(short_name(name))] = signal.width;
    }
    CHECK(told == recorded);
}

TEST_CASE("every step that the page tells is in the recording") {
    const std::vector<std::string> lines = page_lines();
    const auto steps = rows(lines, std::regex(R"(\| (\d+) \| `(\S+)` \| (\S+) \| .+ \|)"));
    const VcdFile recording = first_faults_recording();
    std::map<std::string, VcdSignal> signals;
    for (const auto& [name, signal] : recording.signals) {
        signals[short_name(name)] = signal;
    }
    const auto states = named_states();

    REQUIRE(steps.size() > 30);
    for (const std::smatch& step : steps) {
        INFO(step.str());
        const auto named = states.find(step.str(2));
        const std::uint64_t value = named == states.end() ? std::stoull(step.str(3), nullptr, 0)
                                                          : named->second.at(step.str(3));
        const std::uint64_t time = std::stoull(step.str(1)) * cycle_ps;
        const auto times = signals.at(step.str(2)).times_of(value);
        CHECK(std::count(times.begin(), times.end(), time) == 1);
    }
}

}  // namespace mmusim::tests::documentation_test
