// SPDX-License-Identifier: Apache-2.0
// waves/first_faults.gtkw against what the main job of tb/run.sh records.
#include "hw/cpu/core_state.hpp"
#include "hw/memory/statistics.hpp"
#include "hw/tlb/tlb_state.hpp"
#include "tests/support/vcd_file.hpp"
#include "tests/waves/recording.hpp"
#include "tests/waves/view_checks.hpp"
#include "tests/waves/wave_view.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

namespace mmusim::tests::first_faults_test {

namespace {

WaveView first_faults_view() {
    return view_named("first_faults");
}

VcdFile first_faults_recording() {
    const Workplace workplace;
    REQUIRE(record(workplace, "w.vcd", first_faults_from, first_faults_to).status == 0);
    return read_vcd(workplace.path_of("w.vcd"));
}

std::string contents_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A value of a state.
template <NamedEnumeration Enumeration>
std::uint64_t state(Enumeration enumerator) {
    return static_cast<std::uint64_t>(enumerator);
}

/// A value of an activity, in which 0 is idle.
template <NamedEnumeration Enumeration>
std::uint64_t activity(Enumeration enumerator) {
    return 1 + static_cast<std::uint64_t>(enumerator);
}

}  // namespace

TEST_CASE("the main job records the window that is tested here") {
    const std::string script = contents_of(MMUSIM_ROOT "/tb/run.sh");

    CHECK(script.find("waves/first_faults") != std::string::npos);
    CHECK(script.find("tb/traces/sqlite-group-by.mmutrace.xz\" --preset default") !=
          std::string::npos);
    CHECK(script.find(fmt::format("--vcd-from {} --vcd-to {}\n", first_faults_from,
                                  first_faults_to)) != std::string::npos);
}

TEST_CASE("the view opens the recording beside it, from any directory") {
    check_form_of_view("first_faults");
}

TEST_CASE("every signal that the view shows is recorded, as wide as it says") {
    const WaveView view = first_faults_view();

    CHECK(view.signals.size() > 20);
    check_signals(view, first_faults_recording());
}

TEST_CASE("a filter names every value that its signal takes on") {
    CHECK(check_states(first_faults_view(), first_faults_recording()) == 10);
}

TEST_CASE("a marker lies at the event that it names") {
    const WaveView view = first_faults_view();
    const VcdFile recording = first_faults_recording();
    const auto signal = [&recording](const std::string& name) {
        return recording.signals.at("SystemC.mmusim." + name);
    };
    const auto table_writes =
        signal("l1d_cache.purpose[3:0]").times_of(activity(hw::MemoryPurpose::table_write));
    REQUIRE(table_writes.size() > 3);

    const std::map<std::string, std::uint64_t> expected{
        {"miss", signal("l2.state[2:0]").times_of(state(hw::TlbState::miss)).at(0)},
        {"trap", signal("software.busy").times_of(1).at(0)},
        {"PTE 2", table_writes[0]},
        {"PTE 1", table_writes[1]},
        {"PTE 0", table_writes[2]},
        {"retry", signal("core.state[2:0]").times_of(state(hw::CoreState::retry)).at(0)},
        {"hit", signal("l1d.fills[63:0]").times_of(1).at(0)},
    };
    CHECK(view.markers == expected);
}

TEST_CASE("the view opens on the first fault as a whole, and on little more") {
    const WaveView view = first_faults_view();
    // GTKWave shows 2^-zoom units of time on 200 pixels; a window of 1600 has 1240 for the waves.
    const double shown = std::exp2(-view.zoom) / 200 * 1240;
    const double end_of_fault = static_cast<double>(view.markers.at("hit"));

    CHECK(view.begin == 0);
    CHECK(shown > end_of_fault);
    CHECK(shown < 1.2 * end_of_fault);
}

}  // namespace mmusim::tests::first_faults_test
