// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/observer/translation_observer.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/tlb/miss_classifier.hpp"
#include "hw/tlb/parameters.hpp"
#include "sw/processes/process_id.hpp"
#include "tb/explain/process_story.hpp"
#include "tb/explain/set_rivals.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What one TLB does with the page that holds one address, in each process.
class TlbWatch {
  public:
    TlbWatch(std::string name, const hw::TlbParameters& parameters,
             const hw::PagingParameters& paging, VirtualAddress address, bool tells_misses_apart);

    [[nodiscard]] const std::string& name() const { return name_; }

    /// Why a lookup of the page misses now.
    [[nodiscard]] MissCause cause_of_miss(sw::ProcessId process);
    /// A miss of the page is under way; until it is answered, others wait for the same.
    void miss_begun(sw::ProcessId process) { ++part_of(process).misses_under_way; }
    void miss_ended(sw::ProcessId process) { --part_of(process).misses_under_way; }

    /// A page, this or another, is in the TLB from now on, in the place of `victim` if there is
    /// one. `entered`: it was not there before.
    void filled(const HeldPage& page, std::size_t set, bool entered,
                const std::optional<HeldPage>& victim, Cycles at);
    void removed(const HeldPage& page, hw::RemovalReason reason, Cycles at);

    /// A lookup of the page has missed for that reason, or else hit.
    void count_lookup(sw::ProcessId process, std::optional<MissCause> miss);
    void count_kind(sw::ProcessId process, hw::MissKind kind);
    /// A translation has found the page after a miss: now it is there, or this TLB does not take
    /// it.
    void page_found(sw::ProcessId process);

    /// Figures start from zero; what is in the TLB is known.
    void begin_again(Cycles now);

    /// The figures of a process, up to now.
    [[nodiscard]] TlbStory story_of(sw::ProcessId process, Cycles now) const;

  private:
    /// What it has to do with the page of one process.
    struct Part {
        TlbStory figures{};
        MissCause absence = MissCause::first;
        std::vector<HeldPage> held{};
        Cycles since{};
        std::size_t misses_under_way = 0;
        std::map<PageSize, std::size_t> sets{};  ///< that it was in
    };

    [[nodiscard]] Part& part_of(sw::ProcessId process) { return parts_[process]; }
    void enter(const HeldPage& page, std::size_t set, const std::optional<HeldPage>& victim,
               Cycles at);
    void leave(const HeldPage& page, MissCause cause, Cycles at);
    [[nodiscard]] std::vector<WatchedSet> watched_sets(const Part& part) const;

    std::string name_;
    hw::TlbParameters parameters_;
    VirtualAddress address_;
    bool tells_misses_apart_;
    std::map<PageSize, std::size_t> sets_;  // of the page, if it has that size
    SetRivals rivals_;
    std::map<sw::ProcessId, Part> parts_;
};

}  // namespace mmusim::tb
