// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/page_table_editor.hpp"

#include <algorithm>
#include <cstdint>

namespace mmusim::sw {

using hw::PageFlags;
using hw::PageTableEntry;

PageTableEditor::PageTableEditor(const hw::PagingFormat& format, FrameSupply& frames,
                                 Machine& machine)
    : format_(format), frames_(frames), machine_(machine) {}

std::optional<EntrySlot> PageTableEditor::find(const AddressSpace& space, VirtualAddress address,
                                               unsigned level) {
    const auto give_up = [](const EntrySlot&) -> FrameGrant { return FrameShortage{}; };
    const SlotGrant found = descend(space.root, address, level, give_up);
    const auto* const slot = std::get_if<EntrySlot>(&found);
    return slot == nullptr ? std::nullopt : std::optional(*slot);
}

SlotGrant PageTableEditor::find_or_make(AddressSpace& space, VirtualAddress address,
                                        unsigned level) {
    return descend(space.root, address, level,
                   [&](const EntrySlot& pointer) { return make_table(space, pointer); });
}

void PageTableEditor::write(const EntrySlot& slot, PageTableEntry entry) {
    machine_.write_entry(slot.location, entry);
}

void PageTableEditor::visit(const AddressSpace& space, PageSpan span, const SlotVisitor& on_slot) {
    visit_table({.frame = space.root, .level = format_.levels - 1, .start = {}}, span, on_slot);
}

std::vector<VirtualAddress> PageTableEditor::used_addresses(const AddressSpace& space,
                                                            PageSpan span) {
    std::vector<VirtualAddress> addresses;
    visit(space, span,
          [&](VirtualAddress address, const EntrySlot&) { addresses.push_back(address); });
    return addresses;
}

void PageTableEditor::prune(AddressSpace& space, PageSpan span, const TableVisitor& on_table) {
    prune_below({.frame = space.root, .level = format_.levels - 1, .start = {}}, space, span,
                on_table);
}

template <typename Missing>
SlotGrant PageTableEditor::descend(PhysicalPageNumber root, VirtualAddress address,
                                   unsigned lowest_level, Missing missing) {
    PhysicalPageNumber table = root;
    for (unsigned level = format_.levels - 1; level > lowest_level; --level) {
        const EntrySlot pointer = slot_at(table, level, address);
        if (pointer.entry.valid() && pointer.entry.leaf()) {
            return pointer;
        }
        const FrameGrant next =
            pointer.entry.valid() ? FrameGrant{pointer.entry.page_number()} : missing(pointer);
        if (const auto* const shortage = std::get_if<FrameShortage>(&next)) {
            return *shortage;
        }
        table = std::get<PhysicalPageNumber>(next);
    }
    return slot_at(table, lowest_level, address);
}

EntrySlot PageTableEditor::slot_at(PhysicalPageNumber table, unsigned level,
                                   VirtualAddress address) {
    const PhysicalAddress location = format_.entry_address(table, level, address);
    return {.location = location, .entry = machine_.read_entry(location), .level = level};
}

FrameGrant PageTableEditor::make_table(AddressSpace& space, const EntrySlot& pointer) {
    const FrameGrant table = frames_.take_cleared(FrameUse::page_table);
    if (const auto* const frame = std::get_if<PhysicalPageNumber>(&table)) {
        ++space.page_table_pages;
        write(pointer, PageTableEntry::make(*frame, {PageFlags::valid_bit}));
    }
    return table;
}

template <typename Use>
void PageTableEditor::for_each_slot(const Table& table, PageSpan span, Use use) {
    const std::uint64_t bytes_per_entry = format_.page_size_at(table.level).bytes();
    const std::uint64_t table_end =
        table.start.value + bytes_per_entry * format_.entries_per_table();
    const std::uint64_t from = std::max(span.start.value, table.start.value);
    const std::uint64_t to = std::min(span.end.value, table_end);
    for (std::uint64_t address = from / bytes_per_entry * bytes_per_entry; address < to;
         address += bytes_per_entry) {
        use(slot_at(table.frame, table.level, {address}), VirtualAddress{address});
    }
}

void PageTableEditor::visit_table(const Table& table, PageSpan span, const SlotVisitor& on_slot) {
    for_each_slot(table, span, [&](const EntrySlot& slot, VirtualAddress start) {
        if (slot.entry.raw == 0) {
            return;
        }
        if (table.level == 0 || slot.entry.leaf()) {
            on_slot(start, slot);
        } else {
            visit_table(
                {.frame = slot.entry.page_number(), .level = table.level - 1, .start = start}, span,
                on_slot);
        }
    });
}

void PageTableEditor::prune_below(const Table& table, AddressSpace& space, PageSpan span,
                                  const TableVisitor& on_table) {
    for_each_slot(table, span, [&](const EntrySlot& slot, VirtualAddress start) {
        if (!slot.entry.valid() || slot.entry.leaf()) {
            return;
        }
        const Table below{
            .frame = slot.entry.page_number(), .level = table.level - 1, .start = start};
        if (below.level > 0) {
            prune_below(below, space, span, on_table);
        }
        const std::uint64_t bytes = format_.page_size_at(table.level).bytes();
        if (space.regions.free({.start = start, .end = start + bytes})) {
            write(slot, {});
            --space.page_table_pages;
            on_table(below.frame);
        }
    });
}

}  // namespace mmusim::sw
