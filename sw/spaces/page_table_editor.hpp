// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/frames/frame_supply.hpp"
#include "sw/machine.hpp"
#include "sw/spaces/address_space.hpp"
#include "sw/spaces/region_map.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw {

/// An entry and where it lies.
struct EntrySlot {
    PhysicalAddress location;
    hw::PageTableEntry entry;
    /// 0 in the last tables; an entry above that is a leaf maps a huge page.
    unsigned level = 0;

    [[nodiscard]] bool huge() const { return level > 0; }
};

/// A slot, or why there is no frame for one of the tables above it.
using SlotGrant = std::variant<EntrySlot, FrameShortage>;

/// Reads and writes the page tables that lie in the machine's memory. It fences nothing: who
/// changes or removes an entry that was valid does that.
class PageTableEditor {
  public:
    PageTableEditor(const hw::PagingFormat& format, FrameSupply& frames, Machine& machine);

    /// The slot for the leaf of an address, which may be a huge page's, or the one at a higher
    /// level; none when a table above it is missing.
    [[nodiscard]] std::optional<EntrySlot> find(const AddressSpace& space, VirtualAddress address,
                                                unsigned level = 0);

    /// The slot for the leaf of an address, or the one at a higher level. Makes the missing tables
    /// from the top down, each cleared before the entry that points to it is written. Where there
    /// is no frame for one of them, those made before it stay, and the space counts them.
    [[nodiscard]] SlotGrant find_or_make(AddressSpace& space, VirtualAddress address,
                                         unsigned level = 0);

    void write(const EntrySlot& slot, hw::PageTableEntry entry);

    /// In place of the leaf of a huge page, the slot points to this table from now on, whose
    /// entries say the same for each of its pages; `entry_of(index)` makes them.
    template <typename EntryOf>
    void replace_by_table(const EntrySlot& slot, PhysicalPageNumber table, EntryOf entry_of) {
        for (std::uint64_t index = 0; index < format_.entries_per_table(); ++index) {
            machine_.write_entry(table.address() + index * format_.entry_bytes, entry_of(index));
        }
        write(slot, hw::PageTableEntry::make(table, {hw::PageFlags::valid_bit}));
    }

    /// The size of a page whose leaf is one level above the last.
    [[nodiscard]] PageSize huge_page_size() const { return format_.page_size_at(1); }

    using SlotVisitor = std::function<void(VirtualAddress, const EntrySlot&)>;
    using TableVisitor = std::function<void(PhysicalPageNumber)>;

    /// Visits the slots of the leaves in the span whose entries are not zero, in order. The visitor
    /// may write to the slot that it is shown.
    void visit(const AddressSpace& space, PageSpan span, const SlotVisitor& on_slot);
    /// The addresses that it is called for.
    [[nodiscard]] std::vector<VirtualAddress> used_addresses(const AddressSpace& space,
                                                             PageSpan span);

    /// Takes out the tables that the span reaches into and no region does any more, the root apart
    /// (Linux's free_pgtables); `on_table` is shown each, out of reach already.
    void prune(AddressSpace& space, PageSpan span, const TableVisitor& on_table);

  private:
    struct Table {
        PhysicalPageNumber frame;
        unsigned level = 0;
        VirtualAddress start;  ///< the first address that it translates
    };

    // Goes down to the leaf slot, or to the lowest level. Where a table is missing,
    // `missing(pointer slot)` names the table to go on with, or why there is none.
    template <typename Missing>
    [[nodiscard]] SlotGrant descend(PhysicalPageNumber root, VirtualAddress address,
                                    unsigned lowest_level, Missing missing);
    [[nodiscard]] EntrySlot slot_at(PhysicalPageNumber table, unsigned level,
                                    VirtualAddress address);
    [[nodiscard]] FrameGrant make_table(AddressSpace& space, const EntrySlot& pointer);
    void visit_table(const Table& table, PageSpan span, const SlotVisitor& on_slot);
    void prune_below(const Table& table, AddressSpace& space, PageSpan span,
                     const TableVisitor& on_table);
    /// Calls `use(slot, address)` for each slot of a table that the span reaches into.
    template <typename Use>
    void for_each_slot(const Table& table, PageSpan span, Use use);

    const hw::PagingFormat& format_;
    FrameSupply& frames_;
    Machine& machine_;
};

}  // namespace mmusim::sw
