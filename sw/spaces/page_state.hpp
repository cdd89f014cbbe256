// SPDX-License-Identifier: Apache-2.0
// What a leaf's page-table entry says. To the hardware an entry without V says nothing; the
// operating system keeps in it where the page is.
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/backing/swap_area.hpp"

#include <variant>

namespace mmusim::sw {

/// Nothing was here yet, or nothing is left of it.
struct Absent {};

/// The page is in the swap area.
struct Swapped {
    SwapSlot slot;
    bool exclusive = false;  ///< it was one process's own when it left

    constexpr bool operator==(const Swapped&) const = default;
};

/// A frame holds the page. Where the region has no rights, the hardware must not see it: the entry
/// is without V, as Linux's _PAGE_PROT_NONE.
struct Present {
    PhysicalPageNumber frame;
    bool hidden = false;
};

using PageState = std::variant<Absent, Swapped, Present>;

/// Without V, R marks a page in swap, W its being exclusive, and G a hidden page.
[[nodiscard]] constexpr PageState page_state_of(hw::PageTableEntry entry) {
    if (entry.valid()) {
        return Present{.frame = entry.page_number()};
    }
    if (entry.flags().global()) {
        return Present{.frame = entry.page_number(), .hidden = true};
    }
    if (entry.flags().readable()) {
        return Swapped{.slot = {entry.page_number().value}, .exclusive = entry.flags().writable()};
    }
    return Absent{};
}

[[nodiscard]] constexpr hw::PageTableEntry swap_entry(const Swapped& swapped) {
    const hw::PageFlags flags{hw::PageFlags::read_bit};
    return hw::PageTableEntry::make(
        {swapped.slot.value}, swapped.exclusive ? flags.with(hw::PageFlags::write_bit) : flags);
}

}  // namespace mmusim::sw
