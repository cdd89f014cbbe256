// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/asid_allocator.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace mmusim::sw {

/// What a process may address, and what it has in memory.
class AddressSpace {
  public:
    /// An empty space; `root` is its top page table, cleared.
    explicit AddressSpace(PhysicalPageNumber root) : root_(root) {}

    [[nodiscard]] PhysicalPageNumber root() const { return root_; }

    /// Adds a region: whole pages, at least one, none of them in another region.
    void map(const Region& region);

    /// The region that holds the address.
    [[nodiscard]] std::optional<Region> find(VirtualAddress address) const;

    /// Given at its first turn; until then no TLB knows the space.
    std::optional<AssignedAsid> asid{};
    /// Pages that have a frame of their own.
    std::uint64_t resident_pages = 0;
    /// Frames that hold its page tables, the root included.
    std::uint64_t page_table_pages = 1;

  private:
    [[nodiscard]] bool overlaps(const Region& region) const;

    PhysicalPageNumber root_;
    std::map<VirtualAddress, Region> regions_;  // by start
};

}  // namespace mmusim::sw
