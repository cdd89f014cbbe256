// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "sw/backing/objects.hpp"
#include "sw/backing/swap_area.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/frames/frame_table.hpp"
#include "sw/pages/page_flags.hpp"
#include "sw/processes/processes.hpp"
#include "sw/reclaim/replacement_lists.hpp"
#include "sw/spaces/fence_issuer.hpp"
#include "sw/spaces/page_state.hpp"
#include "sw/spaces/page_table_editor.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// What has happened to pages.
struct PageEvents {
    std::uint64_t reclaimed = 0;            ///< made to leave memory, and gone
    std::uint64_t file_refaults = 0;        ///< such pages of files that came back
    std::uint64_t split_huge_pages = 0;     ///< nobody maps them whole any more
    std::uint64_t split_huge_mappings = 0;  ///< one process less maps them whole
};

/// Which frame holds which page, and who sees it: keeps page-table entries, the frames' reverse
/// maps, the objects' caches, the swap area and the counts of the processes in agreement. Each of
/// its calls leaves them so.
class Pages {
  public:
    struct Parts {
        FrameAllocator& allocator;
        FrameTable& frames;
        Processes& processes;
        Objects& objects;
        SwapArea& swap;
        PageTableEditor& page_tables;
        FenceIssuer& fences;
        ReplacementLists& replacement;
    };

    /// The shared page of zeros, and the first frame of the shared huge one; they are nobody's.
    struct Zeros {
        std::optional<PhysicalPageNumber> small{};
        std::optional<PhysicalPageNumber> huge{};
    };

    Pages(const Parts& parts, const Zeros& zeros);

    [[nodiscard]] const Zeros& zeros() const { return zeros_; }
    [[nodiscard]] bool is_zeros(PhysicalPageNumber frame) const {
        return frame == zeros_.small || frame == zeros_.huge;
    }
    /// How many frames a huge page has.
    [[nodiscard]] std::uint64_t frames_per_huge_page() const {
        return parts_.page_tables.huge_page_size().bytes() / page_bytes;
    }

    [[nodiscard]] Frame& frame(PhysicalPageNumber number) { return parts_.frames[number]; }

    /// The frame, just allocated, holds a new page of a process's own.
    void add_anonymous(PhysicalPageNumber number, const Process& owner);

    /// The frames from `first` on, just allocated, hold a new huge page of a process's own.
    void add_huge(PhysicalPageNumber first, const Process& owner);

    /// The frame, just allocated, holds the page of an object, or will when it has arrived.
    void add_to_object(PhysicalPageNumber number, const ObjectPage& page);

    /// The frame, just allocated, will hold what a slot of the swap area holds.
    void add_from_swap(PhysicalPageNumber number, SwapSlot slot);

    /// The frame that holds the contents of a slot too.
    [[nodiscard]] std::optional<PhysicalPageNumber> in_swap_cache(SwapSlot slot) const;

    /// The slot maps the frame, whatever it said before; what that was of use to it alone is given
    /// up.
    void map(Process& process, VirtualAddress address, const EntrySlot& slot,
             PhysicalPageNumber number, hw::PageFlags flags);
    /// The slot, one level above the last, maps the huge page from now on; `spare_table` is kept
    /// for the time when its pages go different ways.
    void map_huge(Process& process, VirtualAddress address, const EntrySlot& slot,
                  PhysicalPageNumber first, hw::PageFlags flags,
                  std::optional<PhysicalPageNumber> spare_table);
    /// A table that was taken for that, and is not needed.
    void give_back_table(PhysicalPageNumber table) {
        parts_.allocator.release(table, FrameUse::page_table);
    }
    /// The process maps each page of the huge page by itself from now on.
    void split(Process& process, VirtualAddress address, const EntrySlot& slot);
    /// Whether nobody but one process maps the huge page, or a page of it.
    [[nodiscard]] bool mapped_once(PhysicalPageNumber huge_page) const;
    /// Its only process may write to all of it.
    void make_exclusive(PhysicalPageNumber huge_page);

    /// The slot, which said nothing, maps the page of zeros.
    void map_zero_page(const EntrySlot& slot, hw::PageFlags flags);

    /// The slot says nothing any more; what was of use to it alone is given up.
    void unmap(Process& process, VirtualAddress address, const EntrySlot& slot);

    /// The slot of a present page gets other flags; A and D stay set where they are.
    void set_flags(const Process& process, VirtualAddress address, const EntrySlot& slot,
                   hw::PageFlags flags);

    /// The slot of a present page gets these flags, and the page is fenced even if it had them.
    void refresh(const Process& process, VirtualAddress address, const EntrySlot& slot,
                 hw::PageFlags flags);

    /// What the one slot says of a present page or a page in swap, the other says from now on.
    void move(Process& process, VirtualAddress from, const EntrySlot& old_slot, VirtualAddress to,
              const EntrySlot& new_slot);

    /// The child's slot, empty before and at the same level, says what the parent's says; both
    /// share the page. For a huge page the child has its `spare_table`.
    void share(Process& parent, VirtualAddress address, const EntrySlot& slot, Process& child,
               const EntrySlot& child_slot, std::optional<PhysicalPageNumber> spare_table);

    /// Takes the frame from everybody who maps it. Anonymous pages, and those of shared memory,
    /// leave behind where they are in swap, which is in the frame's `slot`.
    void unmap_everywhere(PhysicalPageNumber number);

    /// The page of the one frame is in the other, just allocated for the same, from now on: for all
    /// who map it, and where it lies in a cache. The one frame holds nothing, and is still out.
    void migrate(PhysicalPageNumber from, PhysicalPageNumber to);

    /// From now on the slot, just taken, is where the frame's page goes.
    void set_swap_slot(PhysicalPageNumber number, SwapSlot slot);
    /// The frame's page is nowhere but in memory from now on; no entry names its slot.
    void drop_swap_slot(PhysicalPageNumber number);
    /// Whether a page that is mapped could do without its slot; and takes it away.
    [[nodiscard]] bool has_spare_swap_slot() const { return spare_swap_slot().has_value(); }
    void drop_spare_swap_slot() { drop_swap_slot(*spare_swap_slot()); }
    /// Whether just one entry names the slot.
    [[nodiscard]] bool named_once(SwapSlot slot) const;
    /// Whether entries name the slot, and no frame holds what it holds.
    [[nodiscard]] bool only_in_swap(SwapSlot slot) const;
    /// Whether no entry names the slot, and no object: only a frame that holds the same.
    [[nodiscard]] bool only_frame_has(SwapSlot slot) const;

    /// Gives the frame back if nobody maps it and nothing is lost with it: it is not under a
    /// request, not pinned, no object's, and no entry names its slot.
    void release_if_unused(PhysicalPageNumber number);
    /// Gives the frame back; nobody maps it.
    void release(PhysicalPageNumber number);
    /// The same for a page that was made to leave: if it is read again, that is counted.
    void reclaim(PhysicalPageNumber number);

    /// Whether the page differs from what storage has of it.
    [[nodiscard]] bool dirty(PhysicalPageNumber number);
    /// How many entries that map the frame had A set; clears it, and fences.
    [[nodiscard]] std::uint64_t take_accessed(PhysicalPageNumber number);
    /// Takes the D bits of the entries that map the frame into its record, clears W too where
    /// writes are reported, and fences what has changed.
    void collect_dirty_bits(PhysicalPageNumber number, Writes writes);

    [[nodiscard]] const PageEvents& events() const { return events_; }
    void reset_statistics() { events_ = {}; }

  private:
    [[nodiscard]] std::optional<PhysicalPageNumber> spare_swap_slot() const;
    void add_mapping(Process& process, VirtualAddress address, Frame& frame);
    void replaced(Process& process, VirtualAddress address, const EntrySlot& old);
    void remove_mapping(const PageMapping& mapping, hw::PageTableEntry old_entry);
    void remove_huge_mapping(Process& process, VirtualAddress address, PhysicalPageNumber first);
    void dissolve_if_nobody_maps_whole(PhysicalPageNumber first, ProcessId last);
    void release_spare_table(Process& process, VirtualAddress address);
    [[nodiscard]] std::vector<PageMapping> every_mapping(const Frame& frame) const;
    void give_up_swapped(Process& process, SwapSlot slot);
    void fence(const Process& process, VirtualAddress address, hw::PageTableEntry old_entry);
    void write(const EntrySlot& slot, hw::PageTableEntry entry) {
        parts_.page_tables.write(slot, entry);
    }
    [[nodiscard]] EntrySlot slot_of(const PageMapping& mapping);
    [[nodiscard]] static hw::PageTableEntry entry_left_behind(const Frame& frame);

    Parts parts_;
    Zeros zeros_;
    std::map<std::uint64_t, PhysicalPageNumber> swap_cache_;  // by slot
    PageEvents events_;
};

}  // namespace mmusim::sw
