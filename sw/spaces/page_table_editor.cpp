// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/page_table_editor.hpp"

#include <cstdint>

namespace mmusim::sw {

using hw::PageFlags;
using hw::PageTableEntry;

PageTableEditor::PageTableEditor(const hw::PagingFormat& format, ClearedFrames& frames,
                                 Machine& machine)
    : format_(format), frames_(frames), machine_(machine) {}

std::optional<EntrySlot> PageTableEditor::find(const AddressSpace& space, VirtualAddress address) {
    const auto give_up = [](const EntrySlot&) -> std::optional<PhysicalPageNumber> {
        return std::nullopt;
    };
    return descend(space.root(), address, give_up);
}

std::optional<EntrySlot> PageTableEditor::find_or_make(AddressSpace& space,
                                                       VirtualAddress address) {
    return descend(space.root(), address,
                   [&](const EntrySlot& pointer) { return make_table(space, pointer); });
}

void PageTableEditor::write(const EntrySlot& slot, PageTableEntry entry) {
    machine_.write_entry(slot.location, entry);
}

void PageTableEditor::visit(const AddressSpace& space, const LeafVisitor& on_leaf,
                            const TableVisitor& on_table) {
    visit_table(space.root(), format_.levels - 1, on_leaf, on_table);
}

template <typename Missing>
std::optional<EntrySlot> PageTableEditor::descend(PhysicalPageNumber root, VirtualAddress address,
                                                  Missing missing) {
    PhysicalPageNumber table = root;
    for (unsigned level = format_.levels - 1; level > 0; --level) {
        const EntrySlot pointer = slot_at(table, level, address);
        const std::optional<PhysicalPageNumber> next =
            pointer.entry.valid() ? pointer.entry.page_number() : missing(pointer);
        if (!next) {
            return std::nullopt;
        }
        table = *next;
    }
    return slot_at(table, 0, address);
}

EntrySlot PageTableEditor::slot_at(PhysicalPageNumber table, unsigned level,
                                   VirtualAddress address) {
    const PhysicalAddress location = format_.entry_address(table, level, address);
    return {.location = location, .entry = machine_.read_entry(location)};
}

std::optional<PhysicalPageNumber> PageTableEditor::make_table(AddressSpace& space,
                                                              const EntrySlot& pointer) {
    const std::optional<PhysicalPageNumber> table = frames_.take(FrameUse::page_table);
    if (table) {
        ++space.page_table_pages;
        write(pointer, PageTableEntry::make(*table, {PageFlags::valid_bit}));
    }
    return table;
}

void PageTableEditor::visit_table(PhysicalPageNumber table, unsigned level,
                                  const LeafVisitor& on_leaf, const TableVisitor& on_table) {
    for (std::uint64_t index = 0; index < format_.entries_per_table(); ++index) {
        const PageTableEntry entry =
            machine_.read_entry(table.address() + index * format_.entry_bytes);
        if (!entry.valid()) {
            continue;
        }
        if (level == 0) {
            on_leaf(entry);
        } else {
            visit_table(entry.page_number(), level - 1, on_leaf, on_table);
        }
    }
    on_table(table);
}

}  // namespace mmusim::sw
