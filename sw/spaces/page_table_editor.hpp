// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/frames/cleared_frames.hpp"
#include "sw/machine.hpp"
#include "sw/spaces/address_space.hpp"

#include <functional>
#include <optional>

namespace mmusim::sw {

/// An entry and where it lies.
struct EntrySlot {
    PhysicalAddress location;
    hw::PageTableEntry entry;
};

/// Reads and writes the page tables that lie in the machine's memory. It fences nothing: who
/// changes or removes an entry that was valid does that.
class PageTableEditor {
  public:
    PageTableEditor(const hw::PagingFormat& format, ClearedFrames& frames, Machine& machine);

    /// The slot for the leaf of an address, or none when a table above it is missing.
    [[nodiscard]] std::optional<EntrySlot> find(const AddressSpace& space, VirtualAddress address);

    /// The slot for the leaf of an address. Makes the missing tables from the top down, each
    /// cleared before the entry that points to it is written. None when there is no frame for one
    /// of them; those made before it stay, and the space counts them.
    [[nodiscard]] std::optional<EntrySlot> find_or_make(AddressSpace& space,
                                                        VirtualAddress address);

    void write(const EntrySlot& slot, hw::PageTableEntry entry);

    using LeafVisitor = std::function<void(hw::PageTableEntry)>;
    using TableVisitor = std::function<void(PhysicalPageNumber)>;

    /// Visits every valid leaf and every table of a space. A table comes after all that hangs from
    /// it, the root last, so a visitor may release what it is shown.
    void visit(const AddressSpace& space, const LeafVisitor& on_leaf, const TableVisitor& on_table);

  private:
    // Goes down to the leaf slot. Where a table is missing, `missing(pointer slot)` names the table
    // to go on with, or none.
    template <typename Missing>
    [[nodiscard]] std::optional<EntrySlot> descend(PhysicalPageNumber root, VirtualAddress address,
                                                   Missing missing);
    [[nodiscard]] EntrySlot slot_at(PhysicalPageNumber table, unsigned level,
                                    VirtualAddress address);
    [[nodiscard]] std::optional<PhysicalPageNumber> make_table(AddressSpace& space,
                                                               const EntrySlot& pointer);
    void visit_table(PhysicalPageNumber table, unsigned level, const LeafVisitor& on_leaf,
                     const TableVisitor& on_table);

    const hw::PagingFormat& format_;
    ClearedFrames& frames_;
    Machine& machine_;
};

}  // namespace mmusim::sw
