// SPDX-License-Identifier: Apache-2.0
#include "tests/waves/view_checks.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace mmusim::tests {

namespace {

const std::string waves_directory = MMUSIM_ROOT "/waves/";

std::string path_of_view(const std::string& name) {
    return waves_directory + name + ".gtkw";
}

}  // namespace

WaveView view_named(const std::string& name) {
    return read_wave_view(path_of_view(name));
}

void check_form_of_view(const std::string& name) {
    // GTKWave takes the wave file's place from its place relative to the view's own name.
    const WaveView view = view_named(name);
    CHECK(view.own_name == name + ".gtkw");
    CHECK(view.wave_file == name + ".vcd");

    std::ifstream file(path_of_view(name));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    REQUIRE_FALSE(text.empty());
    for (const char character : text) {
        CHECK((character == '\n' || (character >= ' ' && character <= '~')));
    }
}

void check_signals(const WaveView& view, const VcdFile& recording) {
    for (const ViewedSignal& viewed : view.signals) {
        INFO(viewed.name);
        CHECK(recording.signals.count(viewed.name) == 1);
    }
}

std::size_t check_states(const WaveView& view, const VcdFile& recording) {
    std::size_t states = 0;
    for (const ViewedSignal& viewed : view.signals) {
        if (!viewed.filter) {
            continue;
        }
        ++states;
        INFO(viewed.name);
        const auto names = read_wave_filter(waves_directory + *viewed.filter);
        const VcdSignal& signal = recording.signals.at(viewed.name);
        const unsigned digits = (signal.width + 3) / 4;
        CHECK(signal.changes.size() > 1);
        for (const VcdChange& change : signal.changes) {
            CHECK(names.count(fmt::format("{:0{}X}", change.value, digits)) == 1);
        }
    }
    return states;
}

}  // namespace mmusim::tests
