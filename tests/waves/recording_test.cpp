// SPDX-License-Identifier: Apache-2.0
// What the program records.
#include "tests/waves/recording.hpp"

#include "hw/cpu/core_state.hpp"
#include "tests/support/vcd_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace mmusim::tests::recording_test {

namespace {

/// The changes of a signal after `begin` and up to `end`.
std::vector<VcdChange> changes_within(const VcdSignal& signal, std::uint64_t begin,
                                      std::uint64_t end) {
    std::vector<VcdChange> result;
    std::copy_if(
        signal.changes.begin(), signal.changes.end(), std::back_inserter(result),
        [&](const VcdChange& change) { return change.time > begin && change.time <= end; });
    return result;
}

}  // namespace

TEST_CASE("a window has all that a longer recording has of it, and nothing else") {
    const Workplace workplace;
    REQUIRE(record(workplace, "longer.vcd", 0, 30000).status == 0);
    const VcdFile longer = read_vcd(workplace.path_of("longer.vcd"));

    struct Window {
        std::uint64_t from;
        std::uint64_t to;
    };
    const auto window = GENERATE(Window{10000, 20000},  // between events
                                 Window{8659, 16668},   // from a trap to its return
                                 Window{8536, 8536});   // a single cycle
    REQUIRE(record(workplace, "window.vcd", window.from, window.to).status == 0);
    const VcdFile recorded = read_vcd(workplace.path_of("window.vcd"));

    CHECK(recorded.timescale == "1 ps");
    CHECK(recorded.begin == window.from * cycle_ps);
    CHECK(recorded.end == (window.to + 1) * cycle_ps - 1);
    REQUIRE(recorded.signals.size() == longer.signals.size());
    for (const auto& [name, signal] : recorded.signals) {
        INFO(name);
        const VcdSignal& expected = longer.signals.at(name);
        CHECK(signal.width == expected.width);
        CHECK(signal.value_at(recorded.begin) == expected.value_at(recorded.begin));
        const bool same_changes = changes_within(signal, recorded.begin, recorded.end) ==
                                  changes_within(expected, recorded.begin, recorded.end);
        CHECK(same_changes);
    }
}

TEST_CASE("with a data path the recording shows each access at memory and no values of it") {
    const Workplace workplace;
    REQUIRE(run_shipped_trace(workplace,
                              {"--limit", "20", "--set", "cpu.data_path=memory", "--json",
                               workplace.path_of("r.json"), "--vcd", workplace.path_of("w.vcd")})
                .status == 0);
    const auto result = workplace.json_of("r.json");
    const VcdFile recorded = read_vcd(workplace.path_of("w.vcd"));
    const auto signal = [&](const std::string& name) {
        return recorded.signals.at("SystemC.mmusim." + name);
    };
    const auto began =
        signal("core.state[2:0]").times_of(static_cast<std::uint64_t>(hw::CoreState::access));
    CHECK(began.size() == result["totals"]["translations"]);
    for (const std::uint64_t time : began) {
        CHECK(signal("l1d_cache.address[55:0]").value_at(time) ==
              signal("core.physical_address[55:0]").value_at(time));
        CHECK(signal("l1d_cache.data[63:0]").value_at(time) == 0);
    }
}

TEST_CASE("each channel of DRAM is recorded, with the commands that it counts") {
    const Workplace workplace;
    REQUIRE(workplace
                .mmusim({"run", "--preset", "plain", "--set", "memory.kind=dram", "--set",
                         "memory.dram.channels=2", "--set", "cpu.data_path=memory", "--json",
                         workplace.path_of("r.json"), "--vcd", workplace.path_of("w.vcd"),
                         "generate:random,footprint=1MiB,accesses=200"})
                .status == 0);
    const auto counted = workplace.json_of("r.json")["memory"]["dram"];
    const VcdFile recorded = read_vcd(workplace.path_of("w.vcd"));
    const auto signal = [&](const std::string& name) {
        return recorded.signals.at("SystemC.mmusim.memory." + name);
    };
    const std::vector<std::string> channels{"channel0.", "channel1."};
    const std::vector<std::string> counters{"row_hits", "row_misses", "row_conflicts"};
    for (const std::string& name : counters) {
        INFO(name);
        std::uint64_t sum = 0;
        for (const std::string& channel : channels) {
            sum += signal(channel + name + "[63:0]").changes.back().value;
        }
        CHECK(sum == counted[name]);
    }
    for (const std::string& channel : channels) {
        INFO(channel);
        CHECK(signal(channel + "row_misses[63:0]").changes.back().value > 0);
        const std::vector<VcdChange> commands = signal(channel + "command[2:0]").changes;
        CHECK(commands.size() > 2);
        CHECK(commands.back().value == 0);
    }
}

TEST_CASE("a window without an end has the last event of the simulation") {
    const Workplace workplace;
    REQUIRE(run_shipped_trace(workplace, {"--limit", "3", "--json", workplace.path_of("r.json"),
                                          "--vcd", workplace.path_of("w.vcd")})
                .status == 0);
    const std::uint64_t cycles = workplace.json_of("r.json")["totals"]["cycles"];
    const VcdFile recorded = read_vcd(workplace.path_of("w.vcd"));

    CHECK(recorded.end == (cycles + 1) * cycle_ps - 1);
    const VcdSignal& core = recorded.signals.at("SystemC.mmusim.core.state[2:0]");
    CHECK(core.changes.back() == VcdChange{.time = cycles * cycle_ps, .value = 0});
}

TEST_CASE("equal runs record equal bytes, and recording says nothing") {
    const Workplace workplace;
    const Outcome without_waves = run_shipped_trace(workplace, {"--limit", enough_accesses});
    const Outcome first = record(workplace, "first.vcd", 0, 30000);
    const Outcome second = record(workplace, "second.vcd", 0, 30000);

    CHECK(first.output == without_waves.output);
    CHECK(first.errors.empty());
    CHECK(second.output == without_waves.output);
    const std::string bytes = workplace.contents_of("first.vcd");
    CHECK_FALSE(bytes.empty());
    CHECK(bytes == workplace.contents_of("second.vcd"));
}

TEST_CASE("a recording changes no result") {
    const Workplace workplace;
    REQUIRE(run_shipped_trace(workplace, {"--json", workplace.path_of("without.json")}).status ==
            0);
    REQUIRE(run_shipped_trace(
                workplace, {"--json", workplace.path_of("with.json"), "--vcd",
                            workplace.path_of("w.vcd"), "--vcd-from", "5000", "--vcd-to", "500000"})
                .status == 0);

    const std::string results = workplace.contents_of("without.json");
    CHECK_FALSE(results.empty());
    const bool same_bytes = results == workplace.contents_of("with.json");
    CHECK(same_bytes);
}

}  // namespace mmusim::tests::recording_test
