// SPDX-License-Identifier: Apache-2.0
// The page-table entry of the RISC-V privileged specification, "Sv32/Sv39/Sv48/Sv57 page table
// entry" figures. Sv32 entries are the low 32 bits of the same layout.
#pragma once

#include "hw/base/types.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace mmusim::hw {

/// The eight flag bits of an entry: V R W X U G A D, from bit 0 up.
struct PageFlags {
    static constexpr std::uint8_t valid_bit = 1U << 0U;
    static constexpr std::uint8_t read_bit = 1U << 1U;
    static constexpr std::uint8_t write_bit = 1U << 2U;
    static constexpr std::uint8_t execute_bit = 1U << 3U;
    static constexpr std::uint8_t user_bit = 1U << 4U;
    static constexpr std::uint8_t global_bit = 1U << 5U;
    static constexpr std::uint8_t accessed_bit = 1U << 6U;
    static constexpr std::uint8_t dirty_bit = 1U << 7U;

    std::uint8_t bits = 0;

    constexpr bool operator==(const PageFlags&) const = default;

    [[nodiscard]] constexpr bool valid() const { return has(valid_bit); }
    [[nodiscard]] constexpr bool readable() const { return has(read_bit); }
    [[nodiscard]] constexpr bool writable() const { return has(write_bit); }
    [[nodiscard]] constexpr bool executable() const { return has(execute_bit); }
    [[nodiscard]] constexpr bool user() const { return has(user_bit); }
    [[nodiscard]] constexpr bool global() const { return has(global_bit); }
    [[nodiscard]] constexpr bool accessed() const { return has(accessed_bit); }
    [[nodiscard]] constexpr bool dirty() const { return has(dirty_bit); }

    [[nodiscard]] constexpr PageFlags with(std::uint8_t more) const {
        return {static_cast<std::uint8_t>(bits | more)};
    }

  private:
    [[nodiscard]] constexpr bool has(std::uint8_t bit) const { return (bits & bit) != 0; }
};

/// One page-table entry, as it lies in memory.
struct PageTableEntry {
    static constexpr unsigned page_number_shift = 10;
    static constexpr unsigned memory_type_shift = 61;
    static constexpr std::uint64_t page_number_mask = (std::uint64_t{1} << 44U) - 1;
    static constexpr std::uint64_t reserved_mask = std::uint64_t{0x7f} << 54U;
    static constexpr std::uint64_t memory_type_mask = std::uint64_t{3} << memory_type_shift;
    static constexpr std::uint64_t napot_bit = std::uint64_t{1} << 63U;

    std::uint64_t raw = 0;

    constexpr bool operator==(const PageTableEntry&) const = default;

    /// A leaf, or with no R, W and X flag a pointer to the next table.
    [[nodiscard]] static constexpr PageTableEntry make(PhysicalPageNumber page, PageFlags flags) {
        return {page.value << page_number_shift | flags.bits};
    }

    [[nodiscard]] constexpr PageFlags flags() const { return {static_cast<std::uint8_t>(raw)}; }
    [[nodiscard]] constexpr PhysicalPageNumber page_number() const {
        return {raw >> page_number_shift & page_number_mask};
    }

    /// Page-based memory type (Svpbmt): 0 PMA, 1 NC, 2 IO, 3 reserved.
    [[nodiscard]] constexpr unsigned memory_type() const {
        return static_cast<unsigned>((raw & memory_type_mask) >> memory_type_shift);
    }
    /// Naturally aligned power-of-two range (Svnapot).
    [[nodiscard]] constexpr bool napot() const { return (raw & napot_bit) != 0; }
    [[nodiscard]] constexpr bool reserved_bits_set() const { return (raw & reserved_mask) != 0; }

    [[nodiscard]] constexpr bool valid() const { return flags().valid(); }
    [[nodiscard]] constexpr bool leaf() const {
        return flags().readable() || flags().writable() || flags().executable();
    }

    [[nodiscard]] constexpr PageTableEntry with_flags(std::uint8_t more) const {
        return {raw | more};
    }
};

}  // namespace mmusim::hw

template <>
struct fmt::formatter<mmusim::hw::PageTableEntry> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    auto format(mmusim::hw::PageTableEntry entry, format_context& context) const {
        return fmt::format_to(context.out(), "{:#018x}", entry.raw);
    }
};
