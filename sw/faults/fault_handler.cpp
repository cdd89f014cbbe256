// SPDX-License-Identifier: Apache-2.0
#include "sw/faults/fault_handler.hpp"

#include <cstdint>

namespace mmusim::sw {

using hw::PageFault;
using hw::PageFlags;
using hw::PageTableEntry;

namespace {

constexpr FaultOutcome out_of_memory{.kind = FaultKind::out_of_memory, .signal = Signal::kill};

PageFlags read_only_flags(Rights rights) {
    PageFlags flags{PageFlags::valid_bit | PageFlags::user_bit};
    if (rights.allows(AccessType::read)) {
        flags = flags.with(PageFlags::read_bit);
    }
    if (rights.allows(AccessType::fetch)) {
        flags = flags.with(PageFlags::execute_bit);
    }
    return flags;
}

PageFlags region_flags(Rights rights) {
    const PageFlags flags = read_only_flags(rights);
    return rights.write ? flags.with(PageFlags::write_bit) : flags;
}

// A new page of a writable region is dirty from the start, also when it is only read: the walker is
// spared an update, and nothing is lost, since no storage holds a copy.
PageFlags new_page_flags(Rights rights) {
    return hw::flags_after(region_flags(rights),
                           rights.write ? AccessType::write : AccessType::read);
}

bool permits_program(PageTableEntry entry, AccessType type) {
    return hw::permits(entry.flags(), {.address = {}, .type = type, .context = {}});
}

}  // namespace

FaultHandler::FaultHandler(const OsParameters& parameters,
                           std::optional<PhysicalPageNumber> zero_frame, ClearedFrames& frames,
                           PageTableEditor& page_tables, FenceIssuer& fences, Machine& machine)
    : parameters_(parameters),
      zero_frame_(zero_frame),
      frames_(frames),
      page_tables_(page_tables),
      fences_(fences),
      machine_(machine) {}

FaultOutcome FaultHandler::handle(AddressSpace& space, const PageFault& fault) {
    machine_.spend(Stage::fault_entry, parameters_.fault_entry_cycles);
    const FaultOutcome outcome = resolve(space, fault);
    machine_.spend(Stage::fault_return, parameters_.fault_return_cycles);
    return outcome;
}

FaultOutcome FaultHandler::resolve(AddressSpace& space, const PageFault& fault) {
    if (fault.cause == hw::FaultCause::access_fault) {
        return {.kind = FaultKind::protection, .signal = Signal::bus_adrerr};
    }
    machine_.spend(Stage::fault_lookup, parameters_.region_lookup_cycles);
    const std::optional<Region> region = space.find(fault.address);
    if (!region) {
        return {.kind = FaultKind::unmapped, .signal = Signal::segv_maperr};
    }
    if (!region->rights.allows(fault.type)) {
        return {.kind = FaultKind::protection, .signal = Signal::segv_accerr};
    }
    return make_present(space, *region, fault);
}

FaultOutcome FaultHandler::make_present(AddressSpace& space, const Region& region,
                                        const PageFault& fault) {
    machine_.spend(Stage::fault_page_table, parameters_.page_table_cycles);
    const std::optional<EntrySlot> slot = page_tables_.find_or_make(space, fault.address);
    if (!slot) {
        return out_of_memory;
    }
    const bool writes = fault.type == AccessType::write;
    if (!slot->entry.valid() && zero_frame_ && !writes) {
        return map_zero_page(region, *slot);
    }
    if (!slot->entry.valid() || (writes && maps_zero_page(slot->entry))) {
        return map_new_frame(space, region, *slot, fault.address);
    }
    return refresh(space, region, *slot, fault);
}

FaultOutcome FaultHandler::map_zero_page(const Region& region, const EntrySlot& slot) {
    const PageFlags flags = hw::flags_after(read_only_flags(region.rights), AccessType::read);
    page_tables_.write(slot, PageTableEntry::make(*zero_frame_, flags));
    return {.kind = FaultKind::zero_page};
}

FaultOutcome FaultHandler::map_new_frame(AddressSpace& space, const Region& region,
                                         const EntrySlot& slot, VirtualAddress address) {
    const std::optional<PhysicalPageNumber> frame = frames_.take(FrameUse::anonymous);
    if (!frame) {
        return out_of_memory;
    }
    ++space.resident_pages;
    page_tables_.write(slot, PageTableEntry::make(*frame, new_page_flags(region.rights)));
    if (slot.entry.valid()) {
        fence(space, address);
    }
    return {.kind = FaultKind::anonymous_zero};
}

// The page is there and the region allows the access: only the entry, or what a TLB remembers of
// it, stands in the way.
FaultOutcome FaultHandler::refresh(const AddressSpace& space, const Region& region,
                                   const EntrySlot& slot, const PageFault& fault) {
    const bool permitted = permits_program(slot.entry, fault.type);
    const PageFlags flags =
        maps_zero_page(slot.entry) ? read_only_flags(region.rights) : region_flags(region.rights);
    const PageTableEntry allowing = permitted ? slot.entry : slot.entry.with_flags(flags.bits);
    const PageTableEntry refreshed =
        allowing.with_flags(hw::flags_after(allowing.flags(), fault.type).bits);

    if (refreshed != slot.entry) {
        page_tables_.write(slot, refreshed);
    }
    fence(space, fault.address);
    const bool only_accessed_or_dirty = permitted && refreshed != slot.entry;
    return {.kind = only_accessed_or_dirty ? FaultKind::ad_update : FaultKind::spurious};
}

bool FaultHandler::maps_zero_page(PageTableEntry entry) const {
    return entry.page_number() == zero_frame_;
}

void FaultHandler::fence(const AddressSpace& space, VirtualAddress address) {
    machine_.spend(Stage::fault_fence, parameters_.fence_cycles);
    const std::optional<Asid> asid = space.asid ? std::optional(space.asid->asid) : std::nullopt;
    fences_.issue({.address = address, .asid = asid});
}

}  // namespace mmusim::sw
