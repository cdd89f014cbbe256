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

/// What kind of device holds files and swapped pages.
enum class StorageKind : std::uint8_t {
    custom,  ///< as `timing` says
    nvme,    ///< flash at the memory bus's side
    ssd,     ///< flash behind SATA
    hdd,     ///< a turning disk
    zram,    ///< compressed memory: no device at all
};

[[nodiscard]] constexpr auto enumerator_names(StorageKind) {
    return std::array<std::string_view, 5>{"custom", "nvme", "ssd", "hdd", "zram"};
}

/// A quarter of an hour, and a second for each page: more than any device takes, and few enough to
/// be counted in picoseconds.
inline constexpr Range storage_latency_range{.maximum = 1'000'000'000'000};
inline constexpr Range page_transfer_range{.maximum = 1'000'000'000};

/// How long a device takes. The defaults take no time.
struct StorageTiming {
    std::uint64_t read_nanoseconds = 0;
    std::uint64_t write_nanoseconds = 0;
    std::uint64_t seek_nanoseconds = 0;
    std::uint64_t page_read_nanoseconds = 0;
    std::uint64_t page_write_nanoseconds = 0;
    std::uint32_t queue_depth = 1;

    static constexpr auto fields() {
        using P = StorageTiming;
        return std::tuple{
            parameter("read_nanoseconds", &P::read_nanoseconds,
                      "from the start of a read to its first page on the channel",
                      storage_latency_range),
            parameter("write_nanoseconds", &P::write_nanoseconds,
                      "from the start of a write to its first page on the channel",
                      storage_latency_range),
            parameter("seek_nanoseconds", &P::seek_nanoseconds,
                      "more, where a request does not go on where the one before it ended",
                      storage_latency_range),
            parameter("page_read_nanoseconds", &P::page_read_nanoseconds,
                      "each page that is read, on the device's one channel", page_transfer_range),
            parameter("page_write_nanoseconds", &P::page_write_nanoseconds,
                      "each page that is written, on the same channel", page_transfer_range),
            parameter("queue_depth", &P::queue_depth,
                      "requests under way at once; others wait their turn", Range{1, 1U << 16U}),
        };
    }
};

struct StorageParameters {
    StorageKind kind = StorageKind::custom;
    StorageTiming timing{};

    static constexpr auto fields() {
        using P = StorageParameters;
        return std::tuple{
            parameter("kind", &P::kind,
                      "which device holds files and swapped pages; custom: one with the timings "
                      "of timing"),
            parameter("timing", &P::timing, "the timings where kind is custom"),
        };
    }
};

/// By StorageKind, without the first. A page is 4 KiB. Usual figures of each class, from data
/// sheets where one is named; nobody has measured them here.
inline constexpr std::array<StorageTiming, enumerator_count<StorageKind> - 1> storage_devices{{
    // A data-centre drive of 2021: 4 KiB random reads in some 80 microseconds, writes into its
    // buffer in 15; it reads 7 GB/s and writes 4.2 (data sheet of Intel's D7-P5510, 82 and 15
    // microseconds).
    {.read_nanoseconds = 80'000,
     .write_nanoseconds = 15'000,
     .page_read_nanoseconds = 600,
     .page_write_nanoseconds = 980,
     .queue_depth = 128},
    // SATA: reads 560 MB/s, writes 530, native command queueing of 32 (data sheet of Samsung's 870
    // EVO).
    {.read_nanoseconds = 100'000,
     .write_nanoseconds = 40'000,
     .page_read_nanoseconds = 7'300,
     .page_write_nanoseconds = 7'700,
     .queue_depth = 32},
    // 7,200 turns a minute: half a turn is 4.16 ms, a seek 8.5 ms in the mean; 210 MB/s.
    {.read_nanoseconds = 100'000,
     .write_nanoseconds = 100'000,
     .seek_nanoseconds = 12'660'000,
     .page_read_nanoseconds = 19'500,
     .page_write_nanoseconds = 19'500,
     .queue_depth = 1},
    // LZ4, page by page: some 2 GB/s out of compressed memory, 700 MB/s into it.
    {.page_read_nanoseconds = 2'000, .page_write_nanoseconds = 6'000, .queue_depth = 1},
}};

[[nodiscard]] constexpr StorageTiming timing_of(const StorageParameters& parameters) {
    if (parameters.kind == StorageKind::custom) {
        return parameters.timing;
    }
    return storage_devices.at(static_cast<std::size_t>(parameters.kind) - 1);
}

}  // namespace mmusim::hw
