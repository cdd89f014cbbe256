// SPDX-License-Identifier: Apache-2.0
// The page-table walk as a resumable step: it says what it needs, is told the answer, and goes on.
// The timed walker, the tests and anyone who wants an address without time drive the same steps.
//
// Source: RISC-V privileged specification, "Virtual Address Translation Process".
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace mmusim::hw {

/// The walk needs the entry at this address.
struct ReadEntry {
    PhysicalAddress address;
    unsigned level = 0;
};

/// The walk needs `expected` replaced by `desired` in one atomic step.
struct UpdateEntry {
    PhysicalAddress address;
    unsigned level = 0;
    PageTableEntry expected;
    PageTableEntry desired;
};

/// The walk found the page.
struct Walked {
    TranslatedPage page;
    unsigned level = 0;  ///< of the leaf
};

/// What the walk has found wrong.
enum class WalkFaultReason : std::uint8_t {
    not_canonical,  ///< the address itself: its top bits differ
    not_valid,      ///< V is clear
    malformed,      ///< the entry is none that the format allows
    pointer_at_last_level,
    not_permitted,            ///< the rights forbid this access
    accessed_or_dirty_clear,  ///< A, or D for a write, and software is to set it (Svade)
    no_memory,                ///< where the entry would be
};

[[nodiscard]] constexpr auto enumerator_names(WalkFaultReason) {
    return std::array<std::string_view, 7>{"not_canonical", "not_valid",
                                           "malformed",     "pointer_at_last_level",
                                           "not_permitted", "accessed_or_dirty_clear",
                                           "no_memory"};
}

struct WalkFault {
    FaultCause cause = FaultCause::page_fault;
    unsigned level = 0;  ///< where the walk stood
    WalkFaultReason reason = WalkFaultReason::not_valid;
};

using WalkStep = std::variant<ReadEntry, UpdateEntry, Walked, WalkFault>;

class PageWalk {
  public:
    PageWalk(const PagingParameters& paging, const TranslationRequest& request);

    /// The first step: a read of the top table, or the fault of a non-canonical address.
    [[nodiscard]] WalkStep start();

    /// Instead of answering the first ReadEntry: a cache of pointers has it that the walk of this
    /// address comes to `table` at `level`.
    [[nodiscard]] WalkStep skip_to(unsigned level, PhysicalPageNumber table, bool global);

    /// Answers ReadEntry with what the memory holds there.
    [[nodiscard]] WalkStep entry_read(PageTableEntry entry);

    /// Answers UpdateEntry: whether memory still held the expected entry and now holds the desired
    /// one. If not, the entry is read again.
    [[nodiscard]] WalkStep entry_updated(bool exchanged);

    /// Answers either with: there is no such memory.
    [[nodiscard]] WalkStep memory_failed() const;

    /// The level of the table that the walk stands in; a leaf can be there or below.
    [[nodiscard]] unsigned level() const { return level_; }
    /// The table that it stands in.
    [[nodiscard]] PhysicalPageNumber table() const { return table_; }
    /// Whether a pointer above has the G bit.
    [[nodiscard]] bool global() const { return global_; }

  private:
    [[nodiscard]] WalkStep read_step() const;
    [[nodiscard]] WalkStep fault_step(WalkFaultReason reason) const;
    [[nodiscard]] WalkStep leaf_step(PageTableEntry entry);
    [[nodiscard]] Walked walked_step(PageTableEntry entry) const;
    [[nodiscard]] bool malformed(PageTableEntry entry) const;
    [[nodiscard]] static bool malformed_pointer(PageTableEntry entry);
    [[nodiscard]] bool malformed_leaf(PageTableEntry entry) const;

    PagingParameters paging_;
    const PagingFormat& format_;
    TranslationRequest request_;
    PhysicalPageNumber table_;
    unsigned level_ = 0;
    bool global_ = false;
    PageTableEntry updated_entry_;
};

}  // namespace mmusim::hw
