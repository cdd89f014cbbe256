// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/physical_memory.hpp"
#include "hw/paging/page_walk.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// A walk without time: what it read and wrote, and how it ended.
struct PlainWalk {
    std::vector<ReadEntry> reads;
    /// Those that took effect, in order.
    std::vector<UpdateEntry> updates;
    /// Exactly one of the two.
    std::optional<Walked> walked;
    std::optional<WalkFault> fault;
};

/// How a plain walk comes by the entries of page tables.
struct EntryAccess {
    /// Nothing where there is no memory.
    std::function<std::optional<PageTableEntry>(PhysicalAddress)> read;
    std::function<void(PhysicalAddress, PageTableEntry)> write;
};

/// Walks through the tables, and sets A and D there.
[[nodiscard]] PlainWalk walk_plainly(const PagingParameters& paging,
                                     const TranslationRequest& request, const EntryAccess& entries);

/// The same with the tables in this memory.
[[nodiscard]] PlainWalk walk_plainly(const PagingParameters& paging,
                                     const TranslationRequest& request, PhysicalMemory& memory);

}  // namespace mmusim::hw
