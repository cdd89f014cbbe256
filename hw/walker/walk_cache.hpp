// SPDX-License-Identifier: Apache-2.0
// The walkers' cache of pointers. No clock and no owner.
//
// It never holds a leaf, so a fence with an address does not concern it (RISC-V privileged
// specification, "SFENCE.VMA": with rs1, only leaf entries are ordered).
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "hw/walker/plain_walk.hpp"
#include "hw/walker/statistics.hpp"
#include "hw/walker/walk_cache_parameters.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::hw {

class WalkCache {
  public:
    WalkCache(const WalkCacheParameters& parameters, const PagingFormat& format,
              std::uint64_t seed);

    /// It holds no pointer of its own, and is of kind per_level.
    [[nodiscard]] bool perfect() const { return perfect_; }
    [[nodiscard]] WalkCacheKind kind() const { return kind_; }

    /// Where the walk of a request can begin.
    struct Start {
        unsigned level = 0;
        PhysicalPageNumber table;
        bool global = false;  ///< a pointer above has the G bit
    };

    /// Kind per_level: the lowest table that is known to lie on this request's walk.
    [[nodiscard]] std::optional<Start> find_start(const TranslationRequest& request);

    /// A perfect one: the table whose entry ends this request's walk, whatever that is.
    [[nodiscard]] std::optional<Start> find_last_table(const PagingParameters& paging,
                                                       const TranslationRequest& request,
                                                       const EntryAccess& entries);

    /// Kind entries: the pointer at this address.
    [[nodiscard]] std::optional<PageTableEntry> find_entry(PhysicalAddress address, unsigned level);

    /// A walk has read a pointer at `address`, an entry of `level`. `global`: it, or one above it,
    /// has the G bit.
    void pointer_read(const TranslationRequest& request, PhysicalAddress address, unsigned level,
                      PageTableEntry entry, bool global);

    /// Forgets what the fence names.
    void fence(const Fence& fence);

    /// Whether the fence names the pointers that walks of this address space read; one that was
    /// read before it must not be entered after it.
    [[nodiscard]] bool concerns(const Fence& fence, Asid asid) const;

    [[nodiscard]] const WalkCacheStatistics& statistics() const { return statistics_; }
    void reset_statistics() { statistics_ = {}; }

  private:
    struct Pointer {
        bool valid = false;
        std::uint64_t key = 0;  ///< what it is looked up by
        Asid asid;              ///< kind entries: always 0
        PageTableEntry entry;
        bool global = false;
    };

    // A set-associative array of pointers.
    class Array {
      public:
        Array(const WalkCacheArrayParameters& parameters, Replacement replacement,
              std::uint64_t seed);

        [[nodiscard]] const Pointer* find(std::uint64_t key, Asid asid);
        /// Returns whether a valid pointer gave way.
        bool enter(const Pointer& pointer);
        [[nodiscard]] std::uint64_t invalidate(std::optional<Asid> asid);
        [[nodiscard]] bool present() const { return ways_ != 0; }

      private:
        [[nodiscard]] std::size_t set_of(std::uint64_t key) const { return key % sets_; }
        [[nodiscard]] std::optional<std::size_t> way_of(std::uint64_t key, Asid asid) const;
        [[nodiscard]] std::size_t way_for_fill(std::size_t set);

        std::size_t sets_;
        std::size_t ways_;
        std::vector<Pointer> pointers_;
        ReplacementState replacement_;
    };

    [[nodiscard]] std::uint64_t key_of(unsigned level, VirtualAddress address) const;
    [[nodiscard]] std::uint64_t key_of(PhysicalAddress address) const;
    void enter(Array& array, const Pointer& pointer);

    const PagingFormat& format_;
    bool perfect_;
    WalkCacheKind kind_;
    std::vector<Array> levels_;  // [0] holds the pointers read at level 1
    Array entries_;
    WalkCacheStatistics statistics_;
};

}  // namespace mmusim::hw
