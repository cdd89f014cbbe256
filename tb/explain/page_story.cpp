// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/page_story.hpp"

#include "hw/base/problems.hpp"
#include "tb/events/entry_words.hpp"
#include "tb/explain/story_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace mmusim::tb {

namespace {

StoryClass story_class_of(const TranslationEnded& translation) {
    const bool hit = translation.outcome == hw::Outcome::hit;
    return {.outcome = translation.outcome, .levels = hit ? translation.levels : 0};
}

// Everything starts from zero, except what is known of the present.
void forget_figures(ProcessStory& story) {
    ProcessStory fresh;
    fresh.process = story.process;
    fresh.last_page = story.last_page;
    fresh.last_access_at = story.last_access_at;
    fresh.last_mapped = story.last_mapped;
    story = std::move(fresh);
}

}  // namespace

std::uint64_t ProcessStory::fault_count() const {
    return std::accumulate(fault_counts.values.begin(), fault_counts.values.end(),
                           std::uint64_t{0});
}

PageStory::PageStory(VirtualAddress address, const Machine& machine, std::uint64_t limit)
    : address_(address), paging_(machine.paging), limit_(limit) {
    for (const auto& [name, parameters] : machine.tlbs) {
        tlbs_.emplace_back(name, parameters, machine.paging, address, machine.tells_misses_apart);
    }
}

std::size_t PageStory::tlb_number(std::string_view name) const {
    const auto found = std::find_if(tlbs_.begin(), tlbs_.end(),
                                    [name](const TlbWatch& tlb) { return tlb.name() == name; });
    if (found == tlbs_.end()) {
        throw ModelError(fmt::format("there is no TLB {}", name));
    }
    return static_cast<std::size_t>(std::distance(tlbs_.begin(), found));
}

PageStory::Record& PageStory::record_of(sw::ProcessId process) {
    Record& record = records_[process];
    record.story.process = process;
    return record;
}

TranslationUnderWay& PageStory::under_way(hw::TranslationNumber translation) {
    if (under_way_.size() <= translation.value) {
        under_way_.resize(translation.value + 1);
    }
    return under_way_[translation.value];
}

HeldPage PageStory::held_page(const hw::TlbArray::Entry& entry) const {
    const auto owner = processes_by_asid_.find(entry.asid);
    return {.process = owner == processes_by_asid_.end() ? running_ : owner->second,
            .page = entry.virtual_page,
            .size = entry.page.size};
}

bool PageStory::in_base_page(VirtualAddress address) const {
    return in_page(address, base_page_size);
}

bool PageStory::in_page(VirtualAddress address, PageSize size) const {
    return address.value >> size.log2_bytes == address_.value >> size.log2_bytes;
}

bool PageStory::may_concern(const Record& record, VirtualAddress address) const {
    const std::optional<hw::TranslatedPage>& page = record.story.last_page;
    return in_base_page(address) || (page && in_page(address, page->size));
}

bool PageStory::concerns(const TranslationEnded& translation) const {
    const VirtualAddress address = translation.request.address;
    return in_base_page(address) || (translation.page && in_page(address, translation.page->size));
}

void PageStory::turn_begun(const TurnBegun& turn) {
    running_ = turn.process;
    processes_by_asid_[turn.context.asid] = turn.process;
    Record& record = record_of(turn.process);
    if (!record.last_look) {
        look(record, "");
    }
}

void PageStory::step_begun(const StepBegun& step) {
    for (std::uint32_t process = 0; process < machine_.processes(); ++process) {
        look(record_of({process}), step_);
    }
    step_ = fmt::format("line {}, {}", step.line, step.text);
}

void PageStory::run_ended() {
    ended_ = machine_.now();
    for (std::uint32_t process = 0; process < machine_.processes(); ++process) {
        Record& record = record_of({process});
        look(record, step_);
        record.story.at_end = record.last_look;
    }
}

// What a script did before its first access counts, too.
void PageStory::measurement_begun() {
    if (!begun_) {
        return;
    }
    const Cycles now = machine_.now();
    for (auto& [process, record] : records_) {
        forget_figures(record.story);
    }
    for (TlbWatch& tlb : tlbs_) {
        tlb.begin_again(now);
    }
}

// Tells what is different from the look before.
void PageStory::look(Record& record, std::string_view meanwhile) {
    std::optional<AddressLook> seen = look_at(machine_, paging_, record.story.process, address_);
    const std::string words = difference_in_words(record.last_look, seen, paging_);
    if (!words.empty() && !meanwhile.empty()) {
        tell_now(record.story, {.at = machine_.now(),
                                .kind = StoryEventKind::change,
                                .words = fmt::format("{}: {}", meanwhile, words)});
    }
    if (seen && seen->region) {
        record.story.last_mapped = seen;
    }
    record.last_look = std::move(seen);
}

void PageStory::looked_up(const hw::TlbLookup& lookup) {
    begun_ = true;
    TranslationUnderWay& slot = under_way(lookup.translation);
    slot.process = running_;
    if (slot.lookups.empty()) {
        slot.order = next_order_++;
    }
    TranslationUnderWay::Lookup note{.tlb = tlb_number(lookup.tlb), .result = lookup.result};
    if (lookup.result == hw::LookupResult::miss) {
        TlbWatch& tlb = tlbs_[note.tlb];
        note.awaited = !lookup.retry && may_concern(record_of(running_), lookup.request.address);
        note.cause = lookup.retry ? MissCause::retry : tlb.cause_of_miss(running_);
        if (note.awaited) {
            tlb.miss_begun(running_);
        }
    }
    slot.lookups.push_back(note);
}

void PageStory::filled(const hw::TlbFill& fill) {
    TlbWatch& tlb = tlbs_[tlb_number(fill.tlb)];
    const HeldPage page = held_page(fill.entry);
    std::optional<HeldPage> victim;
    if (fill.evicted) {
        victim = held_page(*fill.evicted);
    }
    tlb.filled(page, fill.set, fill.entered, victim, fill.at);
    if (victim && victim->holds(address_)) {
        tell_now(record_of(victim->process).story,
                 {.at = fill.at,
                  .kind = StoryEventKind::eviction,
                  .tlb = tlb.name(),
                  .other = page,
                  .words = fmt::format("set {}, way {}", fill.set, fill.way)});
    }
    if (fill.entered && page.holds(address_)) {
        tell_now(record_of(page.process).story,
                 {.at = fill.at,
                  .kind = StoryEventKind::fill,
                  .tlb = tlb.name(),
                  .other = victim,
                  .words = fmt::format("set {}, way {}, {}", fill.set, fill.way,
                                       in_words(fill.entry.page))});
    }
}

void PageStory::removed(const hw::TlbRemoval& removal) {
    TlbWatch& tlb = tlbs_[tlb_number(removal.tlb)];
    const HeldPage page = held_page(removal.entry);
    tlb.removed(page, removal.reason, removal.at);
    if (page.holds(address_)) {
        tell_now(record_of(page.process).story, {.at = removal.at,
                                                 .kind = StoryEventKind::removal,
                                                 .tlb = tlb.name(),
                                                 .words = fmt::format("{}", removal.reason)});
    }
}

void PageStory::miss_judged(const hw::MissJudged& miss) {
    const auto owner = processes_by_asid_.find(miss.asid);
    if (owner != processes_by_asid_.end() && in_page(miss.page.address(), miss.size)) {
        tlbs_[tlb_number(miss.tlb)].count_kind(owner->second, miss.kind);
    }
}

void PageStory::walk_begun(const hw::WalkBegun& walk) {
    ++under_way(walk.translation).walks;
}

void PageStory::entry_read(const hw::EntryRead& entry) {
    under_way(entry.translation).entry_read(entry);
}

void PageStory::entry_updated(const hw::EntryUpdated& update) {
    under_way(update.translation).entry_updated(update);
}

void PageStory::no_longer_awaited(const TranslationUnderWay& slot) {
    for (const TranslationUnderWay::Lookup& lookup : slot.lookups) {
        if (lookup.awaited) {
            tlbs_[lookup.tlb].miss_ended(slot.process);
        }
    }
}

void PageStory::dropped(hw::TranslationNumber translation) {
    no_longer_awaited(under_way(translation));
    under_way(translation) = {};
}

void PageStory::fault_begun(const FaultBegun& fault) {
    under_way(fault.translation).fault_begun(fault, next_order_++);
}

void PageStory::fault_worked(const FaultWork& work) {
    under_way(work.translation).fault_worked(work);
}

void PageStory::fault_waited(const FaultWaited& wait) {
    under_way(wait.translation).fault_waited(wait);
}

// A fault may map other pages than its own, and take pages from anybody.
void PageStory::fault_ended(const FaultEnded& fault) {
    TranslationUnderWay& slot = under_way(fault.translation);
    if (slot.faults.empty()) {
        return;
    }
    slot.fault_ended(fault);
    const std::string meanwhile =
        fmt::format("{} fault at {}", fault.outcome.kind, slot.faults.back().story.address);
    for (auto& [process, record] : records_) {
        if (process == fault.process || record.story.last_page) {
            look(record, meanwhile);
        }
    }
}

void PageStory::translation_ended(const TranslationEnded& translation) {
    TranslationUnderWay& slot = under_way(translation.translation);
    no_longer_awaited(slot);
    if (concerns(translation)) {
        count(record_of(translation.process), translation, slot);
        slot.last_access = translation.access;
    }
    slot.end();
}

void PageStory::count(Record& record, const TranslationEnded& translation,
                      TranslationUnderWay& slot) {
    ProcessStory& story = record.story;
    const VirtualAddress address = translation.request.address;
    // The two parts of an access that crosses into the next page have one number.
    story.accesses += slot.last_access == translation.access ? 0 : 1;
    ++story.translations;
    story.translations_of_base_page += in_base_page(address) ? 1 : 0;
    ++story.by_type[translation.request.type];
    story.cycles += translation.latency;
    ClassStory& its_class = story.classes[story_class_of(translation)];
    ++its_class.count;
    its_class.cycles += translation.latency.total();
    story.walks += slot.walks;
    story.entries_read += slot.entries_read;
    story.entries_in_cache += slot.entries_in_cache;
    story.last_access_at = translation.done;
    if (translation.page) {
        story.last_page = translation.page;
        ++story.by_page_size[translation.page->size];
    }
    tell_translation(story, translation, slot);
    for (StoryEvent& update : slot.updates) {
        tell(story, std::move(update));
    }
    count_lookups(story.process, slot, translation.page.has_value());
    count_faults(record, translation.access, slot);
}

// Of a plain hit in the first TLB nothing is told.
void PageStory::tell_translation(ProcessStory& story, const TranslationEnded& translation,
                                 const TranslationUnderWay& slot) const {
    const bool plain_hit =
        translation.outcome == hw::Outcome::hit && slot.lookups.size() <= 1 && slot.updates.empty();
    if (plain_hit) {
        return;
    }
    std::vector<std::string> misses;
    for (const TranslationUnderWay::Lookup& lookup : slot.lookups) {
        if (lookup.result == hw::LookupResult::miss) {
            misses.push_back(fmt::format("{} ({})", tlbs_[lookup.tlb].name(), lookup.cause));
        }
    }
    tell(story, {.at = translation.issued,
                 .order = slot.order,
                 .kind = StoryEventKind::translation,
                 .words = translation_in_words(translation, misses)});
}

void PageStory::count_lookups(sw::ProcessId process, const TranslationUnderWay& slot,
                              bool translated) {
    for (const TranslationUnderWay::Lookup& lookup : slot.lookups) {
        TlbWatch& tlb = tlbs_[lookup.tlb];
        const bool missed = lookup.result == hw::LookupResult::miss;
        tlb.count_lookup(process, missed ? std::optional(lookup.cause) : std::nullopt);
        if (missed && translated) {
            tlb.page_found(process);
        }
    }
}

void PageStory::count_faults(Record& record, std::uint64_t access,
                             const TranslationUnderWay& slot) {
    ProcessStory& story = record.story;
    for (const TranslationUnderWay::Fault& met : slot.faults) {
        FaultStory fault = met.story;
        fault.access = access;
        ++story.fault_counts[fault.outcome.kind];
        story.fault_cycles += fault.cycles;
        tell(story, {.at = fault.at,
                     .order = met.order,
                     .kind = StoryEventKind::fault,
                     .words = fault_in_words(fault)});
        if (limit_ == 0 || story.faults.size() < limit_) {
            story.faults.push_back(fault);
        }
    }
}

void PageStory::tell_now(ProcessStory& story, StoryEvent event) {
    event.order = next_order_++;
    tell(story, std::move(event));
}

// What is told of a translation comes at its end, and may have happened before what is there.
void PageStory::tell(ProcessStory& story, StoryEvent event) const {
    ++story.event_count;
    const auto place =
        std::upper_bound(story.events.begin(), story.events.end(), event,
                         [](const StoryEvent& one, const StoryEvent& other) {
                             return std::pair(one.at, one.order) < std::pair(other.at, other.order);
                         });
    story.events.insert(place, std::move(event));
    if (limit_ != 0 && story.events.size() > limit_) {
        story.events.pop_back();
    }
}

std::vector<ProcessStory> PageStory::stories() const {
    std::vector<ProcessStory> result;
    for (const auto& [process, record] : records_) {
        result.push_back(finished(record));
    }
    return result;
}

ProcessStory PageStory::finished(const Record& record) const {
    ProcessStory story = record.story;
    for (const TlbWatch& tlb : tlbs_) {
        story.tlbs.push_back(tlb.story_of(story.process, ended_));
    }
    return story;
}

}  // namespace mmusim::tb
