// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/tlb_watch.hpp"

#include "hw/tlb/page_sizes.hpp"
#include "hw/tlb/set_index.hpp"

#include <utility>

namespace mmusim::tb {

namespace {

std::map<PageSize, std::size_t> sets_of(VirtualAddress address, const hw::TlbParameters& parameters,
                                        const hw::PagingParameters& paging) {
    const hw::SetIndex index(parameters.index, parameters.sets);
    std::map<PageSize, std::size_t> sets;
    for (const PageSize size : hw::page_sizes_of(parameters, paging)) {
        sets.emplace(size, index(page_number_in_units_of(size, page_number_of(address))));
    }
    return sets;
}

std::vector<std::size_t> set_numbers_of(const std::map<PageSize, std::size_t>& sets) {
    std::vector<std::size_t> numbers;
    numbers.reserve(sets.size());
    for (const auto& [size, set] : sets) {
        numbers.push_back(set);
    }
    return numbers;
}

MissCause cause_after(hw::RemovalReason reason) {
    switch (reason) {
        case hw::RemovalReason::fence: return MissCause::fenced;
        case hw::RemovalReason::back_invalidation: return MissCause::back_invalidated;
        case hw::RemovalReason::promotion: break;
    }
    return MissCause::moved_up;
}

}  // namespace

TlbWatch::TlbWatch(std::string name, const hw::TlbParameters& parameters,
                   const hw::PagingParameters& paging, VirtualAddress address,
                   bool tells_misses_apart)
    : name_(std::move(name)),
      parameters_(parameters),
      address_(address),
      tells_misses_apart_(tells_misses_apart),
      sets_(sets_of(address, parameters, paging)),
      rivals_(set_numbers_of(sets_)) {}

MissCause TlbWatch::cause_of_miss(sw::ProcessId process) {
    const Part& part = part_of(process);
    return part.misses_under_way > 0 ? MissCause::under_way : part.absence;
}

void TlbWatch::filled(const HeldPage& page, std::size_t set, bool entered,
                      const std::optional<HeldPage>& victim, Cycles at) {
    if (victim) {
        rivals_.left(*victim);
    }
    rivals_.entered(set, page);
    if (victim && victim->holds(address_)) {
        TlbStory& figures = part_of(victim->process).figures;
        ++figures.evictions;
        ++figures.evicted_by[page];
        leave(*victim, MissCause::evicted, at);
    }
    if (entered && page.holds(address_)) {
        enter(page, set, victim, at);
    }
}

void TlbWatch::enter(const HeldPage& page, std::size_t set, const std::optional<HeldPage>& victim,
                     Cycles at) {
    Part& part = part_of(page.process);
    if (part.held.empty()) {
        part.since = at;
    }
    part.held.push_back(page);
    part.sets[page.size] = set;
    ++part.figures.fills;
    if (victim) {
        ++part.figures.evicted[*victim];
    }
}

void TlbWatch::removed(const HeldPage& page, hw::RemovalReason reason, Cycles at) {
    rivals_.left(page);
    if (page.holds(address_)) {
        ++part_of(page.process).figures.removals[reason];
        leave(page, cause_after(reason), at);
    }
}

void TlbWatch::leave(const HeldPage& page, MissCause cause, Cycles at) {
    Part& part = part_of(page.process);
    const std::size_t erased = std::erase(part.held, page);
    if (erased > 0 && part.held.empty()) {
        part.figures.held += at - part.since;
        part.absence = cause;
    }
}

void TlbWatch::count_lookup(sw::ProcessId process, std::optional<MissCause> miss) {
    TlbStory& figures = part_of(process).figures;
    ++figures.lookups;
    if (miss) {
        ++figures.misses;
        ++figures.causes[*miss];
    } else {
        ++figures.hits;
    }
}

void TlbWatch::count_kind(sw::ProcessId process, hw::MissKind kind) {
    std::optional<PerEnumerator<hw::MissKind, std::uint64_t>>& kinds =
        part_of(process).figures.kinds;
    if (!kinds) {
        kinds.emplace();
    }
    ++(*kinds)[kind];
}

void TlbWatch::page_found(sw::ProcessId process) {
    Part& part = part_of(process);
    if (part.held.empty() && part.absence == MissCause::first) {
        part.absence = MissCause::not_kept;
    }
}

void TlbWatch::begin_again(Cycles now) {
    rivals_.begin_again();
    for (auto& [process, part] : parts_) {
        part.figures = {};
        part.since = now;
    }
}

TlbStory TlbWatch::story_of(sw::ProcessId process, Cycles now) const {
    const auto found = parts_.find(process);
    const Part part = found == parts_.end() ? Part{} : found->second;
    TlbStory story = part.figures;
    story.name = name_;
    story.sets = parameters_.sets;
    story.ways = parameters_.ways;
    story.watched_sets = watched_sets(part);
    story.held_at_end = !part.held.empty();
    if (story.held_at_end) {
        story.held += now - part.since;
    }
    if (tells_misses_apart_ && !story.kinds) {
        story.kinds.emplace();
    }
    return story;
}

std::vector<WatchedSet> TlbWatch::watched_sets(const Part& part) const {
    std::map<PageSize, std::size_t> sets = part.sets;
    if (sets.empty()) {
        sets.insert(*sets_.begin());  // every TLB holds pages of some size
    }
    std::vector<WatchedSet> result;
    result.reserve(sets.size());
    for (const auto& [size, set] : sets) {
        result.push_back({.size = size, .set = set, .pages = rivals_.pages_in(set)});
    }
    return result;
}

}  // namespace mmusim::tb
