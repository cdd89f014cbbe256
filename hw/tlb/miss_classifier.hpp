// SPDX-License-Identifier: Apache-2.0
// Why a TLB missed. No clock.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/tlb/statistics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mmusim::hw {

/// One of MissKinds.
enum class MissKind : std::uint8_t { compulsory, capacity, conflict };

[[nodiscard]] constexpr auto enumerator_names(MissKind) {
    return std::array<std::string_view, 3>{"compulsory", "capacity", "conflict"};
}

/// Tells a TLB's misses apart (Hill and Smith, "Evaluating associativity in CPU caches", 1989): the
/// first lookup of a page of an address space is compulsory; a miss of a page that a fully
/// associative LRU array of as many entries and the same page sizes would not hold either, had it
/// seen the same lookups, is one of capacity; any other is a conflict. That array, the shadow, sees
/// no fence.
///
/// A page is known by its own size, which a lookup that misses does not know before it is answered.
/// Lookups are judged in the order in which they were made, each as soon as the pages of all before
/// it are known. A lookup that ends in a fault is of the page that held its address when one was
/// known, the smallest of several, and else of a page of 4 KiB.
///
/// Takes the same time for each lookup, however many pages there are.
class MissClassifier {
  public:
    /// Names a miss until it is answered.
    using Ticket = std::uint64_t;

    /// `entries` and `page_sizes` are the TLB's.
    MissClassifier(std::size_t entries, std::vector<PageSize> page_sizes);
    MissClassifier(const MissClassifier&) = delete;
    MissClassifier& operator=(const MissClassifier&) = delete;
    MissClassifier(MissClassifier&&) = delete;
    MissClassifier& operator=(MissClassifier&&) = delete;
    ~MissClassifier() = default;

    /// A miss that was counted, and is judged.
    struct JudgedMiss {
        VirtualPageNumber page{};  ///< as it was looked up
        PageSize size{};           ///< of the page that it was
        Asid asid{};
        MissKind kind = MissKind::compulsory;
    };
    /// Who is told of each.
    using Listener = std::function<void(const JudgedMiss&)>;
    void set_listener(Listener listener) { listener_ = std::move(listener); }

    /// A lookup of the 4 KiB page `page` found a page of `size`.
    void hit(VirtualPageNumber page, Asid asid, PageSize size);
    /// A lookup found nothing. It is a use of its page in any case, but may not be `counted`.
    [[nodiscard]] Ticket miss(VirtualPageNumber page, Asid asid, bool counted);
    /// That miss has been answered by a page of this size, or by a fault.
    void answered(Ticket ticket, std::optional<PageSize> size);

    /// Of the misses that were counted, those that are judged: once all are answered, all.
    [[nodiscard]] const MissKinds& kinds() const { return kinds_; }
    /// Counts from zero on. What was looked up before is not forgotten.
    void reset_kinds() { kinds_ = {}; }

  private:
    /// A page of one size in one address space.
    struct Key {
        std::uint64_t page = 0;  ///< its number in units of its size, and its size above
        Asid asid;

        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        [[nodiscard]] std::size_t operator()(const Key& key) const;
    };
    struct KnownPage {
        std::optional<std::list<Key>::iterator> place;  ///< in the shadow
        bool presumed = false;                          ///< known only by a fault
    };
    enum class LookupState : std::uint8_t { unanswered, found, faulted };
    struct Lookup {
        VirtualPageNumber page;
        Asid asid;
        LookupState state = LookupState::unanswered;
        PageSize size{};  ///< if it is found
        bool counted = false;
    };

    [[nodiscard]] static Key key_of(const Lookup& lookup, PageSize size);
    void judge(const Lookup& lookup);
    [[nodiscard]] Key looked_up(const Lookup& lookup);
    [[nodiscard]] Key presumed(const Lookup& lookup);
    void forget_presumption(const Lookup& lookup);
    [[nodiscard]] static MissKind kind_of(bool is_first, const KnownPage& page);
    void count(const JudgedMiss& miss);
    void use(const Key& key, KnownPage& page);
    [[nodiscard]] bool holds(PageSize size) const;

    std::size_t entries_;
    std::vector<PageSize> page_sizes_;
    std::vector<PageSize> known_sizes_;  // smallest first
    std::unordered_map<Key, KnownPage, KeyHash> known_;
    std::list<Key> shadow_;       // the latest first
    std::deque<Lookup> waiting_;  // the first is unanswered
    Ticket first_waiting_ = 0;
    MissKinds kinds_;
    Listener listener_;
};

}  // namespace mmusim::hw
