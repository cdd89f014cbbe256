// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "hw/memory/dram_statistics.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::hw {

/// Why somebody speaks to memory.
enum class MemoryPurpose : std::uint8_t {
    pte_read,       ///< the walker reads a page-table entry
    ad_update,      ///< the walker sets A or D
    table_read,     ///< the operating system reads a page-table entry
    table_write,    ///< the operating system writes a page-table entry
    frame_clear,    ///< the operating system clears a frame
    frame_copy,     ///< the operating system reads or writes a frame that it copies
    line_fill,      ///< a cache fetches a line
    write_back,     ///< a cache evicts a dirty line
    write_through,  ///< a cache passes a write on
    data_read,      ///< the program reads
    data_write,     ///< the program writes
    fetch,          ///< the program fetches instructions
};

[[nodiscard]] constexpr auto enumerator_names(MemoryPurpose) {
    return std::array<std::string_view, 12>{
        "pte_read",  "ad_update",  "table_read",    "table_write", "frame_clear", "frame_copy",
        "line_fill", "write_back", "write_through", "data_read",   "data_write",  "fetch"};
}

/// Whether it takes time only: caches hold no values, so what they send each other and the memory
/// has had its effect when the first of them was asked.
[[nodiscard]] constexpr bool is_transfer_between_levels(MemoryPurpose purpose) {
    return purpose == MemoryPurpose::line_fill || purpose == MemoryPurpose::write_back ||
           purpose == MemoryPurpose::write_through;
}

/// Whether memory is read or changed by it. What a program itself reads and writes is not modelled,
/// so its accesses, and the copying of what it wrote, take time only, too.
[[nodiscard]] constexpr bool moves_values(MemoryPurpose purpose) {
    const bool program_data =
        purpose == MemoryPurpose::data_read || purpose == MemoryPurpose::data_write ||
        purpose == MemoryPurpose::fetch || purpose == MemoryPurpose::frame_copy;
    return !program_data && !is_transfer_between_levels(purpose);
}

struct MemoryStatistics {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t errors = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    Cycles wait_cycles;
    Cycles service_cycles;
    PerEnumerator<MemoryPurpose, std::uint64_t> by_purpose;
    DramStatistics dram;

    static constexpr auto fields() {
        using S = MemoryStatistics;
        return std::tuple{
            statistic("reads", &S::reads, "transaction", "reads"),
            statistic("writes", &S::writes, "transaction",
                      "writes; the clearing of a frame is one, an exchange of A and D bits too"),
            statistic("errors", &S::errors, "transaction", "addresses outside the memory"),
            statistic("bytes_read", &S::bytes_read, "byte", "bytes read"),
            statistic("bytes_written", &S::bytes_written, "byte", "bytes written"),
            statistic(
                "wait_cycles", &S::wait_cycles, "cycle",
                "cycles that transactions waited for room in a queue, for a bank or for a bus"),
            statistic("service_cycles", &S::service_cycles, "cycle",
                      "cycles that transactions took once their turn had come"),
            statistic("by_purpose", &S::by_purpose, "transaction",
                      "the transactions by who made them and why"),
            statistic("dram", &S::dram, "", "what DRAM did; all channels together"),
        };
    }
};

}  // namespace mmusim::hw
