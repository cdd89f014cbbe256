// SPDX-License-Identifier: Apache-2.0
// Page tables written straight into memory, for tests that need some to walk.
#pragma once

#include "hw/base/types.hpp"
#include "hw/memory/physical_memory.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"

namespace mmusim::tests {

class PageTableImage {
  public:
    /// Everything that a user's access needs, A and D set.
    static constexpr hw::PageFlags user_read_write_execute{0xdf};

    /// The tables take the frames from `root` on.
    PageTableImage(hw::PhysicalMemory& memory, hw::PagingMode mode, PhysicalPageNumber root);

    [[nodiscard]] PhysicalPageNumber root() const { return root_; }

    /// Maps one page whose leaf is at `level`, and makes the tables that are missing. Returns where
    /// the leaf is.
    PhysicalAddress map(VirtualAddress address, PhysicalPageNumber page, unsigned level = 0,
                        hw::PageFlags flags = user_read_write_execute);

    /// Maps a naturally aligned 64 KiB page: sixteen equal entries.
    void map_napot(VirtualAddress address, PhysicalPageNumber page);

    /// Where the entry of `level` for this address is; the tables above it exist.
    [[nodiscard]] PhysicalAddress entry_address(VirtualAddress address, unsigned level) const;

    [[nodiscard]] hw::PageTableEntry entry_at(PhysicalAddress address) const;
    void write_entry(PhysicalAddress address, hw::PageTableEntry entry);

  private:
    hw::PhysicalMemory& memory_;
    const hw::PagingFormat& format_;
    PhysicalPageNumber root_;
    PhysicalPageNumber next_table_;
};

}  // namespace mmusim::tests
