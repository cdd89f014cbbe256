// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/dram_parameters.hpp"

#include <array>
#include <cstdint>

namespace mmusim::hw {

/// The timings of a standard in cycles of its own clock.
struct DramClocks {
    std::uint64_t clock_ps = 0;
    std::uint64_t activate = 0;
    std::uint64_t precharge = 0;
    std::uint64_t column = 0;
    std::uint64_t write_column = 0;
    std::uint64_t burst = 0;
    std::uint64_t row_open = 0;
    std::uint64_t activate_spacing = 0;
    std::uint64_t activate_spacing_in_group = 0;
    std::uint64_t four_activates = 0;
    std::uint64_t column_spacing = 0;
    std::uint64_t column_spacing_in_group = 0;
    std::uint64_t write_to_read = 0;
    std::uint64_t write_to_read_in_group = 0;
    std::uint64_t write_recovery = 0;
    std::uint64_t read_to_precharge = 0;
    std::uint64_t refresh = 0;
    std::uint64_t refresh_interval = 0;
};

/// By DramStandard, without the first, which has none.
inline constexpr std::array<DramClocks, enumerator_count<DramStandard> - 1> dram_standards{{
    // JESD79-4, DDR4-2400T (17-17-17), 8 Gbit devices of 8 bits; the same figures are in the
    // configuration files of Ramulator 2 (DDR4_2400T). CWL is the first of the two that the
    // standard allows at this speed.
    {.clock_ps = 833,
     .activate = 17,
     .precharge = 17,
     .column = 17,
     .write_column = 12,
     .burst = 4,
     .row_open = 39,
     .activate_spacing = 4,
     .activate_spacing_in_group = 6,
     .four_activates = 26,
     .column_spacing = 4,
     .column_spacing_in_group = 6,
     .write_to_read = 3,
     .write_to_read_in_group = 9,
     .write_recovery = 18,
     .read_to_precharge = 9,
     .refresh = 421,
     .refresh_interval = 9363},
    // JESD79-5, DDR5-4800B (40-39-39), 16 Gbit devices of 8 bits: tRAS 32 ns, tRRD_L and tCCD_L
    // 5 ns, tWTR_S 2.5 ns, tWTR_L 10 ns, tWR 30 ns, tRTP 7.5 ns, tRFC 295 ns, tREFI 3.9 us, the
    // rest in clocks. Unverified: taken from secondary sources. Writes of one bank group follow
    // each other at tCCD_L here; the standard asks for more.
    {.clock_ps = 416,
     .activate = 39,
     .precharge = 39,
     .column = 40,
     .write_column = 38,
     .burst = 8,
     .row_open = 77,
     .activate_spacing = 8,
     .activate_spacing_in_group = 12,
     .four_activates = 32,
     .column_spacing = 8,
     .column_spacing_in_group = 12,
     .write_to_read = 6,
     .write_to_read_in_group = 24,
     .write_recovery = 72,
     .read_to_precharge = 18,
     .refresh = 709,
     .refresh_interval = 9375},
    // JESD209-4, LPDDR4-3200, 8 Gbit of 16 bits, no bank groups: the figures of DRAMSys' file
    // JEDEC_8Gb_LPDDR4-3200_16bit; tRP is that of one bank.
    {.clock_ps = 625,
     .activate = 29,
     .precharge = 29,
     .column = 28,
     .write_column = 14,
     .burst = 8,
     .row_open = 68,
     .activate_spacing = 16,
     .activate_spacing_in_group = 16,
     .four_activates = 64,
     .column_spacing = 8,
     .column_spacing_in_group = 8,
     .write_to_read = 16,
     .write_to_read_in_group = 16,
     .write_recovery = 29,
     .read_to_precharge = 12,
     .refresh = 448,
     .refresh_interval = 6246},
}};

/// The timings in cycles of a machine whose clock has this period, each rounded up; custom ones as
/// they are.
[[nodiscard]] constexpr DramTiming dram_timing_of(const DramParameters& parameters,
                                                  std::uint64_t period_ps) {
    if (parameters.standard == DramStandard::custom) {
        return parameters.timing;
    }
    const DramClocks& clocks = dram_standards.at(static_cast<std::size_t>(parameters.standard) - 1);
    const auto cycles = [&](std::uint64_t count) {
        return Cycles{(count * clocks.clock_ps + period_ps - 1) / period_ps};
    };
    return {.command_cycles = cycles(1),
            .activate_cycles = cycles(clocks.activate),
            .precharge_cycles = cycles(clocks.precharge),
            .column_cycles = cycles(clocks.column),
            .write_column_cycles = cycles(clocks.write_column),
            .burst_cycles = cycles(clocks.burst),
            .row_open_cycles = cycles(clocks.row_open),
            .activate_spacing_cycles = cycles(clocks.activate_spacing),
            .activate_spacing_in_group_cycles = cycles(clocks.activate_spacing_in_group),
            .four_activates_cycles = cycles(clocks.four_activates),
            .column_spacing_cycles = cycles(clocks.column_spacing),
            .column_spacing_in_group_cycles = cycles(clocks.column_spacing_in_group),
            .write_to_read_cycles = cycles(clocks.write_to_read),
            .write_to_read_in_group_cycles = cycles(clocks.write_to_read_in_group),
            .write_recovery_cycles = cycles(clocks.write_recovery),
            .read_to_precharge_cycles = cycles(clocks.read_to_precharge),
            .refresh_cycles = cycles(clocks.refresh),
            .refresh_interval_cycles = cycles(clocks.refresh_interval)};
}

}  // namespace mmusim::hw
