// SPDX-License-Identifier: Apache-2.0
// What became of one address in one process, as figures and as a list of events.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/cpu/translation_statistics.hpp"
#include "hw/observer/translation_observer.hpp"
#include "hw/paging/translation.hpp"
#include "hw/tlb/miss_classifier.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/processes/process_id.hpp"
#include "tb/explain/address_look.hpp"
#include "tb/explain/set_rivals.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// Why a page was not in a TLB when it was looked up.
enum class MissCause : std::uint8_t {
    first,             ///< it had never been there
    evicted,           ///< another page had taken its place
    fenced,            ///< a fence had removed it
    back_invalidated,  ///< an inclusive TLB below had evicted it
    moved_up,          ///< a hit had moved it out of this exclusive TLB
    not_kept,          ///< a walk had found it before, but this TLB had not taken it in
    under_way,         ///< another miss of it was not answered yet
    retry,             ///< looked up again after a page fault
};

[[nodiscard]] constexpr auto enumerator_names(MissCause) {
    return std::array<std::string_view, 8>{"first",    "evicted",  "fenced",    "back_invalidated",
                                           "moved_up", "not_kept", "under_way", "retry"};
}

/// A set that the page is in.
struct WatchedSet {
    PageSize size{};  ///< when the page has that size
    std::size_t set = 0;
    std::uint64_t pages = 0;  ///< different ones that have been in it, this one included
};

/// Pages, and how often each had to do with this one.
using PageCounts = std::map<HeldPage, std::uint64_t>;

/// One TLB's part in the story.
struct TlbStory {
    std::string name;
    std::uint64_t sets = 0;
    std::uint64_t ways = 0;
    /// Of the page sizes that the page had in this TLB; of the smallest if it never was there.
    std::vector<WatchedSet> watched_sets{};
    std::uint64_t lookups = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    PerEnumerator<MissCause, std::uint64_t> causes{};
    /// None: the machine does not tell its misses apart.
    std::optional<PerEnumerator<hw::MissKind, std::uint64_t>> kinds{};
    std::uint64_t fills = 0;
    std::uint64_t evictions = 0;
    PerEnumerator<hw::RemovalReason, std::uint64_t> removals{};
    PageCounts evicted_by{};
    PageCounts evicted{};
    Cycles held{};  ///< how long it was there
    bool held_at_end = false;
};

struct FaultStory {
    Cycles at{};
    Cycles until{};
    std::uint64_t access = 0;  ///< its number, from 0
    VirtualAddress address{};
    AccessType type = AccessType::read;
    hw::FaultCause cause = hw::FaultCause::page_fault;
    sw::FaultOutcome outcome{};
    LatencyRecord cycles{};
};

enum class StoryEventKind : std::uint8_t {
    eviction,
    removal,  ///< from a TLB, for another reason
    fill,
    entry_update,  ///< a walker has set A or D
    translation,   ///< other than a plain hit in the first TLB
    fault,
    change,  ///< of the region, or of the page-table entry
};

[[nodiscard]] constexpr auto enumerator_names(StoryEventKind) {
    return std::array<std::string_view, 7>{"eviction",    "removal", "fill",  "entry_update",
                                           "translation", "fault",   "change"};
}

struct StoryEvent {
    Cycles at{};
    std::uint64_t order = 0;  ///< among those of one cycle
    StoryEventKind kind = StoryEventKind::translation;
    std::string tlb{};                ///< where it happened, if in a TLB
    std::optional<HeldPage> other{};  ///< the page that came or went instead
    std::string words{};              ///< without the names of processes
};

/// Those translations of a class, as in the result's `classes`.
struct ClassStory {
    std::uint64_t count = 0;
    Cycles cycles{};
};

/// How a translation ended; of a hit, in which level.
struct StoryClass {
    hw::Outcome outcome = hw::Outcome::hit;
    unsigned levels = 0;  ///< 0 unless it is a hit

    constexpr auto operator<=>(const StoryClass&) const = default;
};

struct ProcessStory {
    sw::ProcessId process{};
    std::uint64_t accesses = 0;
    std::uint64_t translations = 0;
    /// Of them, those in the 4 KiB page of the address.
    std::uint64_t translations_of_base_page = 0;
    PerEnumerator<AccessType, std::uint64_t> by_type{};
    std::map<PageSize, std::uint64_t> by_page_size{};  ///< of those that ended with a page
    std::map<StoryClass, ClassStory> classes{};
    LatencyRecord cycles{};
    std::uint64_t walks = 0;
    std::uint64_t entries_read = 0;      ///< from memory
    std::uint64_t entries_in_cache = 0;  ///< from the walk cache
    std::vector<TlbStory> tlbs{};        ///< of the configuration, by name
    sw::FaultCounts fault_counts{};
    LatencyRecord fault_cycles{};
    std::vector<FaultStory> faults{};  ///< the first
    std::vector<StoryEvent> events{};  ///< the first, in the order of time
    std::uint64_t event_count = 0;
    std::optional<hw::TranslatedPage> last_page{};
    Cycles last_access_at{};
    /// None: the process has exited.
    std::optional<AddressLook> at_end{};
    /// The last look that found a region; none: there never was one.
    std::optional<AddressLook> last_mapped{};

    [[nodiscard]] std::uint64_t fault_count() const;
};

}  // namespace mmusim::tb
