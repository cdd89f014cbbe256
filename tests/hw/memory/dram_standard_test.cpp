// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram_standard.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::dram_standard_test {
namespace {

TEST_CASE("a standard's clocks become cycles of the machine, rounded up") {
    const DramParameters ddr4{.standard = DramStandard::ddr4_2400, .timing = {}};

    // At 4 GHz: 17 clocks of 833 ps are 14,161 ps; 4 are 3,332 ps; 9363 are 7,799,379 ps.
    const DramTiming fast = dram_timing_of(ddr4, 250);
    CHECK(fast.activate_cycles == Cycles{57});
    CHECK(fast.column_cycles == Cycles{57});
    CHECK(fast.precharge_cycles == Cycles{57});
    CHECK(fast.burst_cycles == Cycles{14});
    CHECK(fast.refresh_interval_cycles == Cycles{31'198});
    CHECK(fast.command_cycles == Cycles{4});

    // In its own clock they are as they are.
    const DramTiming own = dram_timing_of(ddr4, 833);
    CHECK(own.activate_cycles == Cycles{17});
    CHECK(own.refresh_cycles == Cycles{421});
    CHECK(own.command_cycles == Cycles{1});
}

TEST_CASE("custom timings are cycles already") {
    DramParameters custom;
    custom.timing.activate_cycles = Cycles{123};
    CHECK(dram_timing_of(custom, 250) == custom.timing);
}

TEST_CASE("every standard keeps the rules that hold for all of them") {
    const auto standard =
        GENERATE(DramStandard::ddr4_2400, DramStandard::ddr5_4800, DramStandard::lpddr4_3200);
    CAPTURE(standard);
    // In picoseconds.
    const DramTiming timing = dram_timing_of({.standard = standard, .timing = {}}, 1);

    // A row is open long enough for one read.
    CHECK(timing.row_open_cycles >= timing.activate_cycles + timing.read_to_precharge_cycles);
    CHECK(timing.activate_spacing_in_group_cycles >= timing.activate_spacing_cycles);
    CHECK(timing.four_activates_cycles >= timing.activate_spacing_cycles * 4);
    CHECK(timing.column_spacing_cycles == timing.burst_cycles);
    CHECK(timing.column_spacing_in_group_cycles >= timing.column_spacing_cycles);
    CHECK(timing.write_to_read_in_group_cycles >= timing.write_to_read_cycles);
    CHECK(timing.write_column_cycles < timing.column_cycles);
    // Refresh takes less than a tenth of the time.
    CHECK(timing.refresh_cycles * 10 < timing.refresh_interval_cycles);
    // 10 to 20 ns from a command to data, whatever the standard.
    CHECK(timing.column_cycles > Cycles{10'000});
    CHECK(timing.column_cycles < Cycles{20'000});
}

}  // namespace
}  // namespace mmusim::hw::dram_standard_test
