// SPDX-License-Identifier: Apache-2.0
#include "sw/calls/address_space_copy.hpp"

#include <optional>

namespace mmusim::sw {

bool AddressSpaceCopy::make(Process& parent, Process& child) {
    child.space.highest_end = parent.space.highest_end;
    child.space.heap = parent.space.heap;
    child.space.code = parent.space.code;
    for (const Region& region : parent.space.regions.all()) {
        Region copy = region;
        // Locks are not inherited (mlock(2)), nor are promises.
        copy.locked = false;
        copy.promised_pages = false;
        child.space.regions.insert(copy);
    }
    for (const Region& region : parent.space.regions.all()) {
        if (region.sharing == Sharing::private_ && region.has_own_pages &&
            !share_region(parent, region, child)) {
            return false;
        }
    }
    return true;
}

bool AddressSpaceCopy::share_region(Process& parent, const Region& region, Process& child) {
    for (const VirtualAddress address :
         parts_.page_tables.used_addresses(parent.space, region.span())) {
        const bool shared = region.leaf_level > 0
                                ? share_explicit_huge_page(parent, region, address, child)
                                : share_page(parent, address, child);
        if (!shared) {
            return false;
        }
    }
    return true;
}

bool AddressSpaceCopy::share_explicit_huge_page(Process& parent, const Region& region,
                                                VirtualAddress address, Process& child) {
    const auto child_slot = parts_.page_calls.slot_for(child, address, region.leaf_level);
    if (!child_slot) {
        return false;
    }
    const EntrySlot slot = *parts_.page_tables.find(parent.space, address, region.leaf_level);
    parts_.huge_pages.share(parent, address, slot, child, *child_slot);
    return true;
}

// For the child's tables the parent's page may have to leave; then there is nothing to share, or
// its place in swap.
bool AddressSpaceCopy::share_page(Process& parent, VirtualAddress address, Process& child) {
    const bool huge = parts_.page_tables.find(parent.space, address)->huge();
    const auto spare_table = huge ? parts_.page_calls.spare_table() : std::nullopt;
    const auto child_slot = parts_.page_calls.slot_for(child, address, huge ? 1 : 0);
    const EntrySlot slot = *parts_.page_tables.find(parent.space, address);
    const bool ready = child_slot && spare_table.has_value() == huge;
    if (ready && slot.huge() == huge) {
        if (slot.entry.raw != 0) {
            parts_.pages.share(parent, address, slot, child, *child_slot, spare_table);
        }
        return true;
    }
    if (spare_table) {
        parts_.pages.give_back_table(*spare_table);
    }
    return ready && share_split_page(parent, address, child);
}

// The parent's huge page has been split meanwhile.
bool AddressSpaceCopy::share_split_page(Process& parent, VirtualAddress address, Process& child) {
    const VirtualAddress end = address + parts_.page_tables.huge_page_size().bytes();
    for (VirtualAddress page = address; page < end; page = page + page_bytes) {
        if (!share_page(parent, page, child)) {
            return false;
        }
    }
    return true;
}

}  // namespace mmusim::sw
