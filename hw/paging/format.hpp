// SPDX-License-Identifier: Apache-2.0
// The page-table formats as data: what differs between Sv32, Sv39, Sv48 and Sv57 is in one table,
// and the walk reads it. A new radix format is a new row.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

enum class PagingMode : std::uint8_t { sv32, sv39, sv48, sv57 };

[[nodiscard]] constexpr auto enumerator_names(PagingMode) {
    return std::array<std::string_view, 4>{"sv32", "sv39", "sv48", "sv57"};
}

/// A radix page-table format (RISC-V privileged specification, chapter "Supervisor-Level ISA").
struct PagingFormat {
    unsigned levels = 0;
    unsigned index_bits = 0;
    unsigned entry_bytes = 0;
    unsigned virtual_address_bits = 0;
    unsigned physical_page_number_bits = 0;
    /// Whether the bits above the virtual address must equal its top bit. Sv32 has none.
    bool sign_extended = true;
    /// Whether entries are wide enough for the extensions in the top bits: Svnapot and Svpbmt.
    bool wide_entries = true;

    constexpr bool operator==(const PagingFormat&) const = default;

    /// The size of a page whose leaf is at `level`; level 0 is the last.
    [[nodiscard]] constexpr PageSize page_size_at(unsigned level) const {
        return {static_cast<std::uint8_t>(page_offset_bits + level * index_bits)};
    }

    [[nodiscard]] constexpr std::uint64_t entries_per_table() const {
        return std::uint64_t{1} << index_bits;
    }

    /// The index into the table of `level` for this address.
    [[nodiscard]] constexpr std::uint64_t index_at(unsigned level, VirtualAddress address) const {
        return address.value >> page_size_at(level).log2_bytes & (entries_per_table() - 1);
    }

    [[nodiscard]] constexpr PhysicalAddress entry_address(PhysicalPageNumber table, unsigned level,
                                                          VirtualAddress address) const {
        return table.address() + index_at(level, address) * entry_bytes;
    }

    /// Whether every bit above the virtual address equals its top bit.
    [[nodiscard]] constexpr bool canonical(VirtualAddress address) const {
        if (!sign_extended) {
            return address.value >> virtual_address_bits == 0;
        }
        const unsigned unused_bits = 64 - virtual_address_bits;
        const auto extended =
            static_cast<std::int64_t>(address.value << unused_bits) >> unused_bits;
        return static_cast<std::uint64_t>(extended) == address.value;
    }

    /// The user half is [0, this): where programs live. Sv32, whose halves are a convention of the
    /// operating system, is cut in the middle too.
    [[nodiscard]] constexpr VirtualAddress user_half_end() const {
        return {std::uint64_t{1} << (virtual_address_bits - 1)};
    }
};

inline constexpr std::array<PagingFormat, 4> paging_formats{{
    {.levels = 2,
     .index_bits = 10,
     .entry_bytes = 4,
     .virtual_address_bits = 32,
     .physical_page_number_bits = 22,
     .sign_extended = false,
     .wide_entries = false},
    {.levels = 3,
     .index_bits = 9,
     .entry_bytes = 8,
     .virtual_address_bits = 39,
     .physical_page_number_bits = 44},
    {.levels = 4,
     .index_bits = 9,
     .entry_bytes = 8,
     .virtual_address_bits = 48,
     .physical_page_number_bits = 44},
    {.levels = 5,
     .index_bits = 9,
     .entry_bytes = 8,
     .virtual_address_bits = 57,
     .physical_page_number_bits = 44},
}};

inline constexpr unsigned max_levels = 5;

[[nodiscard]] constexpr const PagingFormat& format_of(PagingMode mode) {
    return paging_formats[static_cast<std::size_t>(mode)];
}

}  // namespace mmusim::hw
