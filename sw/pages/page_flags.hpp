// SPDX-License-Identifier: Apache-2.0
// The flags of the entries that the operating system writes.
#pragma once

#include "hw/base/access.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/translation.hpp"
#include "sw/spaces/region.hpp"

namespace mmusim::sw {

/// Whether the page's mapping may let its program write, or has to tell the operating system first.
enum class Writes : std::uint8_t { allowed, reported };

/// What a page of a region shows the hardware, with A set: all its rights, but W only where writes
/// are allowed. A region without rights hides its pages.
[[nodiscard]] constexpr hw::PageFlags page_flags(Rights rights, Writes writes) {
    if (rights == Rights{}) {
        return {hw::PageFlags::global_bit};
    }
    hw::PageFlags flags{hw::PageFlags::valid_bit | hw::PageFlags::user_bit |
                        hw::PageFlags::accessed_bit};
    if (rights.allows(AccessType::read)) {
        flags = flags.with(hw::PageFlags::read_bit);
    }
    if (rights.allows(AccessType::fetch)) {
        flags = flags.with(hw::PageFlags::execute_bit);
    }
    if (rights.write && writes == Writes::allowed) {
        flags = flags.with(hw::PageFlags::write_bit);
    }
    return flags;
}

}  // namespace mmusim::sw
