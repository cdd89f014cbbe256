// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/dram_parameters.hpp"

namespace mmusim::tests {

/// Small numbers that tell each other apart in a sum; no refresh. Two bank groups: even banks are
/// in one, odd ones in the other. A read takes 5 + 3 + 4 from a closed row, 3 + 4 from an open one
/// and 7 + 5 + 3 + 4 from another one.
[[nodiscard]] inline hw::DramParameters small_dram() {
    return {.ranks = 2,
            .banks = 8,
            .bank_groups = 2,
            .row_bytes = 256,
            .burst_bytes = 64,
            .read_queue_entries = 8,
            .write_queue_entries = 4,
            .write_high_watermark = 3,
            .write_low_watermark = 1,
            .controller_cycles = {10},
            .timing = {.command_cycles = {1},
                       .activate_cycles = {5},
                       .precharge_cycles = {7},
                       .column_cycles = {3},
                       .write_column_cycles = {2},
                       .burst_cycles = {4},
                       .row_open_cycles = {11},
                       .activate_spacing_cycles = {2},
                       .activate_spacing_in_group_cycles = {6},
                       .four_activates_cycles = {20},
                       .column_spacing_cycles = {4},
                       .column_spacing_in_group_cycles = {8},
                       .write_to_read_cycles = {3},
                       .write_to_read_in_group_cycles = {9},
                       .write_recovery_cycles = {10},
                       .read_to_precharge_cycles = {6},
                       .refresh_cycles = {50},
                       .refresh_interval_cycles = {0}}};
}

}  // namespace mmusim::tests
