// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::hw {

/// Whose timings the DRAM has.
enum class DramStandard : std::uint8_t {
    custom,  ///< those of `timing`, in cycles of the machine
    ddr4_2400,
    ddr5_4800,
    lpddr4_3200,
};

[[nodiscard]] constexpr auto enumerator_names(DramStandard) {
    return std::array<std::string_view, 4>{"custom", "DDR4-2400", "DDR5-4800", "LPDDR4-3200"};
}

/// The parts of an address, as far as DRAM has a use for them.
enum class DramField : std::uint8_t { row, rank, bank, channel, column };

[[nodiscard]] constexpr auto enumerator_names(DramField) {
    return std::array<std::string_view, 5>{"row", "rank", "bank", "channel", "column"};
}

/// Every field once, the most significant first.
using DramMapping = std::array<DramField, enumerator_count<DramField>>;

enum class RowPolicy : std::uint8_t {
    open,    ///< a row stays open until another one of its bank is needed
    closed,  ///< a row is closed with its last waiting access
};

[[nodiscard]] constexpr auto enumerator_names(RowPolicy) {
    return std::array<std::string_view, 2>{"open", "closed"};
}

enum class DramScheduling : std::uint8_t {
    fcfs,     ///< first come, first served
    fr_fcfs,  ///< of the accesses that find their row open the oldest, else the oldest
};

[[nodiscard]] constexpr auto enumerator_names(DramScheduling) {
    return std::array<std::string_view, 2>{"fcfs", "fr_fcfs"};
}

/// How far commands have to be from each other; the names of JEDEC's standards in the descriptions.
struct DramTiming {
    Cycles command_cycles{1};
    Cycles activate_cycles{57};
    Cycles precharge_cycles{57};
    Cycles column_cycles{57};
    Cycles write_column_cycles{40};
    Cycles burst_cycles{14};
    Cycles row_open_cycles{130};
    Cycles activate_spacing_cycles{14};
    Cycles activate_spacing_in_group_cycles{20};
    Cycles four_activates_cycles{87};
    Cycles column_spacing_cycles{14};
    Cycles column_spacing_in_group_cycles{20};
    Cycles write_to_read_cycles{10};
    Cycles write_to_read_in_group_cycles{30};
    Cycles write_recovery_cycles{60};
    Cycles read_to_precharge_cycles{30};
    Cycles refresh_cycles{1400};
    Cycles refresh_interval_cycles{31200};

    bool operator==(const DramTiming&) const = default;

    static constexpr auto fields() {
        using P = DramTiming;
        return std::tuple{
            parameter("command_cycles", &P::command_cycles,
                      "tCK: from one command of a channel to its next", at_least(1)),
            parameter("activate_cycles", &P::activate_cycles,
                      "tRCD: from opening a row to its first read or write"),
            parameter("precharge_cycles", &P::precharge_cycles,
                      "tRP: from closing a row to opening another"),
            parameter("column_cycles", &P::column_cycles, "CL: from a read to its first data"),
            parameter("write_column_cycles", &P::write_column_cycles,
                      "CWL: from a write to its first data"),
            parameter("burst_cycles", &P::burst_cycles, "the data bus is taken by one burst",
                      at_least(1)),
            parameter("row_open_cycles", &P::row_open_cycles,
                      "tRAS: from opening a row to closing it"),
            parameter("activate_spacing_cycles", &P::activate_spacing_cycles,
                      "tRRD_S: between the openings of two rows of a rank"),
            parameter("activate_spacing_in_group_cycles", &P::activate_spacing_in_group_cycles,
                      "tRRD_L: the same within a bank group"),
            parameter("four_activates_cycles", &P::four_activates_cycles,
                      "tFAW: in so many cycles a rank opens four rows at most"),
            parameter("column_spacing_cycles", &P::column_spacing_cycles,
                      "tCCD_S: between two reads, or two writes, of a rank"),
            parameter("column_spacing_in_group_cycles", &P::column_spacing_in_group_cycles,
                      "tCCD_L: the same within a bank group"),
            parameter("write_to_read_cycles", &P::write_to_read_cycles,
                      "tWTR_S: from the last data of a write to a read of the rank"),
            parameter("write_to_read_in_group_cycles", &P::write_to_read_in_group_cycles,
                      "tWTR_L: the same within a bank group"),
            parameter("write_recovery_cycles", &P::write_recovery_cycles,
                      "tWR: from the last data of a write to closing its row"),
            parameter("read_to_precharge_cycles", &P::read_to_precharge_cycles,
                      "tRTP: from a read to closing its row"),
            parameter("refresh_cycles", &P::refresh_cycles,
                      "tRFC: a rank is busy with one refresh of all its banks"),
            parameter("refresh_interval_cycles", &P::refresh_interval_cycles,
                      "tREFI: from one refresh of a rank to the next; 0 = no refresh"),
        };
    }
};

struct DramParameters {
    DramStandard standard = DramStandard::custom;
    std::uint32_t channels = 1;
    std::uint32_t ranks = 1;
    std::uint32_t banks = 16;
    std::uint32_t bank_groups = 4;
    std::uint64_t row_bytes = 8192;
    std::uint32_t burst_bytes = 64;
    DramMapping mapping{DramField::row, DramField::rank, DramField::bank, DramField::channel,
                        DramField::column};
    RowPolicy row_policy = RowPolicy::open;
    DramScheduling scheduler = DramScheduling::fr_fcfs;
    std::uint32_t read_queue_entries = 32;
    std::uint32_t write_queue_entries = 64;
    std::uint32_t write_high_watermark = 48;
    std::uint32_t write_low_watermark = 16;
    Cycles controller_cycles{20};
    DramTiming timing;

    static constexpr auto fields() {
        using P = DramParameters;
        return std::tuple{
            parameter("standard", &P::standard,
                      "whose timings: a standard's, in its own clock, or custom, those of "
                      "memory.dram.timing"),
            parameter("channels", &P::channels, "channels, each with its own buses and queues",
                      Range{1, 64}),
            parameter("ranks", &P::ranks, "ranks of a channel, which share its buses",
                      Range{1, 16}),
            parameter("banks", &P::banks, "banks of a rank, each with one open row at most",
                      Range{1, 1024}),
            parameter("bank_groups", &P::bank_groups,
                      "groups that the banks of a rank belong to, neighbours to different ones",
                      Range{1, 64}),
            parameter("row_bytes", &P::row_bytes, "size of a row of one bank",
                      Range{64, 1U << 20U}),
            parameter("burst_bytes", &P::burst_bytes, "what one read or write command transfers",
                      Range{8, 4096}),
            parameter("mapping", &P::mapping,
                      "which part of an address is what, the most significant first"),
            parameter("row_policy", &P::row_policy,
                      "whether a row stays open when nobody waits for it"),
            parameter("scheduler", &P::scheduler, "who is served first"),
            parameter("read_queue_entries", &P::read_queue_entries,
                      "bursts that a channel has room for; others wait outside", Range{1, 1024}),
            parameter("write_queue_entries", &P::write_queue_entries, "the same for writes",
                      Range{1, 1024}),
            parameter("write_high_watermark", &P::write_high_watermark,
                      "with so many writes in its queue a channel turns from reads to writes"),
            parameter("write_low_watermark", &P::write_low_watermark,
                      "and with no more than these back, if there are reads"),
            parameter("controller_cycles", &P::controller_cycles,
                      "the way through the controller and back, paid by every transaction"),
            parameter("timing", &P::timing, "the timings where standard is custom"),
        };
    }
};

}  // namespace mmusim::hw
