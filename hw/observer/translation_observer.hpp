// SPDX-License-Identifier: Apache-2.0
// What TLBs, walkers and the core tell those who look on. Without an onlooker nothing is told, and
// a translation costs the simulator as much as before.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/page_walk.hpp"
#include "hw/paging/translation.hpp"
#include "hw/tlb/miss_classifier.hpp"
#include "hw/tlb/tlb_array.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mmusim::hw {

/// What a TLB found.
enum class LookupResult : std::uint8_t {
    hit,
    denied,        ///< a hit that the rights forbid
    dirty_update,  ///< a hit that has to wait until a walker has set D
    miss,
};

[[nodiscard]] constexpr auto enumerator_names(LookupResult) {
    return std::array<std::string_view, 4>{"hit", "denied", "dirty_update", "miss"};
}

struct TlbLookup {
    TranslationNumber translation{};
    const TranslationRequest& request;
    bool retry = false;    ///< made again after a page fault
    std::string_view tlb;  ///< its name; the text outlives the simulation
    unsigned level = 0;    ///< 1: the first that was looked up
    std::size_t set = 0;   ///< of the page found, or of a page of the smallest size
    LookupResult result = LookupResult::miss;
    std::optional<TranslatedPage> page{};  ///< what was found, denied or not
    Cycles from{};
    Cycles until{};
};

/// An entry that a TLB takes in, or knows anew if it had it.
struct TlbFill {
    std::string_view tlb;
    std::size_t set = 0;
    std::size_t way = 0;
    TlbArray::Entry entry{};
    bool entered = false;  ///< it was not there before
    std::optional<TlbArray::Entry> evicted{};
    Cycles at{};
};

/// Why an entry leaves a TLB, apart from fills.
enum class RemovalReason : std::uint8_t {
    fence,
    back_invalidation,  ///< an inclusive TLB below has evicted it
    promotion,          ///< a hit has moved it up, out of an exclusive TLB
};

[[nodiscard]] constexpr auto enumerator_names(RemovalReason) {
    return std::array<std::string_view, 3>{"fence", "back_invalidation", "promotion"};
}

struct TlbRemoval {
    std::string_view tlb;
    TlbArray::Entry entry{};
    RemovalReason reason = RemovalReason::fence;
    Cycles at{};
};

/// Why a lookup missed, where the machine tells its misses apart. It is told once that is known,
/// and not of a retry.
struct MissJudged {
    std::string_view tlb;
    VirtualPageNumber page{};  ///< the 4 KiB page that was looked up
    /// Of the page that holds it; of a miss that ended in a fault, as MissClassifier has it.
    PageSize size{};
    Asid asid{};
    MissKind kind = MissKind::compulsory;
};

/// Cycles of a translation that nothing else here tells of: waiting for a port, a miss register,
/// somebody else's miss, a walker or the trap; the walker's fixed costs; the access itself.
struct SpentCycles {
    TranslationNumber translation{};
    Stage stage = Stage::tlb_wait;
    Cycles from{};
    Cycles until{};
    Cycles waiting{};  ///< of them, those under the stage's `_wait`
};

struct WalkBegun {
    TranslationNumber translation{};
    const TranslationRequest& request;
    std::size_t walker = 0;
    bool sets_dirty_bit = false;  ///< for a hit on a page with D clear
    bool again = false;           ///< for a lookup that has had a walk, or one for its D bit
    Cycles at{};
};

/// A walk cache by address spares the levels above: the walk begins with the table of `level`.
struct WalkShortened {
    TranslationNumber translation{};
    unsigned level = 0;
    PhysicalPageNumber table{};
    Cycles at{};
};

/// A walk turns to the entry of one level. It has it when `entry_read` is called for it.
struct EntryWanted {
    TranslationNumber translation{};
    unsigned level = 0;
    PhysicalAddress address{};
    Cycles at{};
};

struct EntryRead {
    TranslationNumber translation{};
    unsigned level = 0;
    PhysicalAddress address{};
    bool cached = false;  ///< from the walk cache; else from memory
    /// None: there is no memory at that address.
    std::optional<PageTableEntry> entry{};
    Cycles from{};  ///< when memory, or the walk cache, was asked
    Cycles until{};
    Cycles waiting{};  ///< of them, those spent waiting in memory and caches
};

/// A walker has set A or D in a page-table entry, or has found another entry there.
struct EntryUpdated {
    TranslationNumber translation{};
    unsigned level = 0;
    PhysicalAddress address{};
    PageTableEntry expected{};
    PageTableEntry desired{};
    bool exchanged = false;
    Cycles from{};
    Cycles until{};
    Cycles waiting{};
};

enum class WalkEnd : std::uint8_t {
    completed,
    faulted,
    squashed,  ///< a fence has overtaken it; another begins at once
};

[[nodiscard]] constexpr auto enumerator_names(WalkEnd) {
    return std::array<std::string_view, 3>{"completed", "faulted", "squashed"};
}

struct WalkEnded {
    TranslationNumber translation{};
    const TranslationRequest& request;
    std::size_t walker = 0;
    unsigned level = 0;  ///< where it ended
    WalkEnd end = WalkEnd::completed;
    std::optional<TranslatedPage> page{};  ///< where completed
    std::optional<WalkFault> fault{};      ///< where faulted
    Cycles at{};
};

/// Someone who looks on, at all of it or at what they override. Nothing that they do changes the
/// simulation. What a translation is told of comes in the order of time, each walk between
/// `walk_begun` and `walk_ended`, each of its entries between `entry_wanted` and `entry_read`, or
/// the walk's end where that comes first.
class TranslationObserver {
  public:
    TranslationObserver() = default;
    TranslationObserver(const TranslationObserver&) = delete;
    TranslationObserver& operator=(const TranslationObserver&) = delete;
    TranslationObserver(TranslationObserver&&) = delete;
    TranslationObserver& operator=(TranslationObserver&&) = delete;
    virtual ~TranslationObserver() = default;

    virtual void looked_up(const TlbLookup& /*lookup*/) {}
    virtual void filled(const TlbFill& /*fill*/) {}
    virtual void removed(const TlbRemoval& /*removal*/) {}
    virtual void miss_judged(const MissJudged& /*miss*/) {}
    virtual void spent(const SpentCycles& /*cycles*/) {}
    virtual void walk_begun(const WalkBegun& /*walk*/) {}
    virtual void walk_shortened(const WalkShortened& /*walk*/) {}
    virtual void entry_wanted(const EntryWanted& /*entry*/) {}
    virtual void entry_read(const EntryRead& /*entry*/) {}
    virtual void entry_updated(const EntryUpdated& /*update*/) {}
    virtual void walk_ended(const WalkEnded& /*walk*/) {}

    /// A translation is not made after all, because an earlier access has ended its program.
    virtual void dropped(TranslationNumber /*translation*/) {}
};

}  // namespace mmusim::hw
