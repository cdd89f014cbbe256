// SPDX-License-Identifier: Apache-2.0
#include "tb/events/slice_collector.hpp"

#include "tb/events/entry_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::string_view walk_category = "walk";
constexpr std::string_view level_category = "level";
constexpr std::string_view fault_category = "fault";

// As text: a JSON reader may take numbers for floating-point ones of 53 bits.
template <typename Number>
std::string in_text(Number address) {
    return fmt::format("{}", address);
}

std::string class_of(const TranslationEnded& translation) {
    return translation.outcome == hw::Outcome::hit ? fmt::format("l{}_hit", translation.levels)
                                                   : in_text(translation.outcome);
}

}  // namespace

SliceCollector::SliceCollector(const hw::PagingParameters& paging, Filter filter, Sink sink)
    : format_(hw::format_of(paging.mode)), filter_(std::move(filter)), sink_(std::move(sink)) {}

void SliceCollector::looked_up(const hw::TlbLookup& lookup) {
    if (stopped_) {
        return;
    }
    Slice slice{
        .name = fmt::format("{} {}", lookup.tlb, lookup.result),
        .category = name_of(lookup.level <= 1 ? Stage::first_tlb_lookup : Stage::lower_tlb_lookup),
        .from = lookup.from,
        .until = lookup.until};
    slice.arguments["set"] = lookup.set;
    if (lookup.page) {
        slice.arguments["page"] = in_words(*lookup.page);
        slice.arguments["flags"] = flags_in_words(lookup.page->flags);
    }
    story_of(lookup.translation).slices.push_back(std::move(slice));
}

void SliceCollector::spent(const hw::SpentCycles& cycles) {
    if (!stopped_) {
        add_stage(story_of(cycles.translation), cycles.stage, cycles.from, cycles.until,
                  cycles.waiting);
    }
}

void SliceCollector::walk_begun(const hw::WalkBegun& walk) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(walk.translation);
    begin(story, walk.sets_dirty_bit ? "walk to set D" : "walk", walk_category, walk.at);
    story.slices.back().arguments["walker"] = walk.walker;
}

void SliceCollector::walk_shortened(const hw::WalkShortened& walk) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(walk.translation);
    Slice& of_walk = story.slices[story.open.back()];
    of_walk.arguments["begins_at_level"] = walk.level;
    of_walk.arguments["begins_with_table"] = in_text(walk.table.address());
}

void SliceCollector::entry_wanted(const hw::EntryWanted& entry) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(entry.translation);
    begin(story, fmt::format("level {}", entry.level), level_category, entry.at);
    story.slices.back().arguments["entry_address"] = in_text(entry.address);
}

void SliceCollector::entry_read(const hw::EntryRead& entry) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(entry.translation);
    add_stage(story, entry.cached ? Stage::walk_cache : Stage::pte_read, entry.from, entry.until,
              entry.waiting);
    Slice& level = end(story, entry.until);
    if (entry.entry) {
        level.arguments["entry"] = in_text(*entry.entry);
        level.arguments["flags"] = flags_in_words(entry.entry->flags());
        level.arguments["leads_to"] = in_words(*entry.entry, entry.level, format_);
    } else {
        level.arguments["leads_to"] = "no memory there";
    }
}

void SliceCollector::entry_updated(const hw::EntryUpdated& update) {
    if (stopped_) {
        return;
    }
    Slice slice{.name = std::string(name_of(Stage::ad_update)),
                .category = name_of(Stage::ad_update),
                .from = update.from,
                .until = update.until,
                .waiting = update.waiting};
    slice.arguments["entry_address"] = in_text(update.address);
    slice.arguments["from_flags"] = flags_in_words(update.expected.flags());
    slice.arguments["to_flags"] = flags_in_words(update.desired.flags());
    slice.arguments["done"] = update.exchanged;
    story_of(update.translation).slices.push_back(std::move(slice));
}

void SliceCollector::walk_ended(const hw::WalkEnded& walk) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(walk.translation);
    while (story.slices[story.open.back()].category == level_category) {
        end(story, walk.at);
    }
    Slice& slice = end(story, walk.at);
    slice.arguments["end"] = in_text(walk.end);
    slice.arguments["end_level"] = walk.level;
    if (walk.page) {
        slice.arguments["page"] = in_words(*walk.page);
    }
    if (walk.fault) {
        slice.arguments["fault"] = in_words(*walk.fault, walk.request.type);
    }
}

void SliceCollector::dropped(hw::TranslationNumber translation) {
    if (!stopped_) {
        story_of(translation) = {};
    }
}

void SliceCollector::fault_begun(const FaultBegun& fault) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(fault.translation);
    begin(story, in_text(fault.fault.cause), fault_category, fault.at);
    story.slices.back().arguments["virtual_address"] = in_text(fault.fault.address);
}

void SliceCollector::fault_worked(const FaultWork& work) {
    if (!stopped_) {
        add_stage(story_of(work.translation), work.stage, work.from, work.until);
    }
}

void SliceCollector::fault_waited(const FaultWaited& wait) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(wait.translation);
    const Cycles in_storage = wait.storage_done - wait.from;
    add_stage(story, Stage::storage, wait.from, wait.storage_done,
              in_storage - std::min(wait.service, in_storage));
    add_stage(story, Stage::run_queue_wait, wait.storage_done, wait.until);
}

void SliceCollector::fault_ended(const FaultEnded& fault) {
    if (stopped_) {
        return;
    }
    Slice& slice = end(story_of(fault.translation), fault.at);
    slice.arguments["kind"] = in_text(fault.outcome.kind);
    slice.arguments["class"] = in_text(fault.outcome.fault_class());
    if (fault.outcome.signal) {
        slice.arguments["signal"] = in_text(*fault.outcome.signal);
    }
}

void SliceCollector::translation_ended(const TranslationEnded& translation) {
    if (stopped_) {
        return;
    }
    Story& story = story_of(translation.translation);
    if (measuring_ && filter_(translation, story.slices)) {
        describe(story.slices.front(), translation);
        sink_(translation, story.slices);
    }
    story.slices.clear();
    story.open.clear();
}

void SliceCollector::describe(Slice& whole, const TranslationEnded& translation) {
    whole.name = class_of(translation);
    whole.from = translation.issued;
    whole.until = translation.done;
    whole.arguments["access"] = translation.access;
    whole.arguments["type"] = in_text(translation.request.type);
    whole.arguments["virtual_address"] = in_text(translation.request.address);
    whole.arguments["asid"] = translation.request.context.asid.value;
    if (translation.page) {
        whole.arguments["physical_address"] =
            in_text(translation.page->physical_address(translation.request.address));
        whole.arguments["page"] = in_words(*translation.page);
        whole.arguments["flags"] = flags_in_words(translation.page->flags);
    }
}

SliceCollector::Story& SliceCollector::story_of(hw::TranslationNumber translation) {
    if (stories_.size() <= translation.value) {
        stories_.resize(translation.value + 1);
    }
    Story& story = stories_[translation.value];
    if (story.slices.empty()) {
        begin(story, "", "translation", Cycles{0});
    }
    return story;
}

void SliceCollector::begin(Story& story, std::string name, std::string_view category, Cycles at) {
    story.open.push_back(story.slices.size());
    story.slices.push_back(
        {.name = std::move(name), .category = category, .from = at, .until = at});
}

// The innermost one that is open.
Slice& SliceCollector::end(Story& story, Cycles at) {
    Slice& slice = story.slices[story.open.back()];
    story.open.pop_back();
    slice.until = at;
    return slice;
}

// Of a stage that took no time nothing is to be seen.
void SliceCollector::add_stage(Story& story, Stage stage, Cycles from, Cycles until,
                               Cycles waiting) {
    if (from < until) {
        story.slices.push_back({.name = std::string(name_of(stage)),
                                .category = name_of(stage),
                                .from = from,
                                .until = until,
                                .waiting = waiting});
    }
}

}  // namespace mmusim::tb
