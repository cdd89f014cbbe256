// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/translation_under_way.hpp"

#include "tb/events/entry_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

void TranslationUnderWay::entry_read(const hw::EntryRead& entry) {
    ++(entry.cached ? entries_in_cache : entries_read);
}

void TranslationUnderWay::entry_updated(const hw::EntryUpdated& update) {
    if (!update.exchanged) {
        return;
    }
    updates.push_back({.at = update.until,
                       .kind = StoryEventKind::entry_update,
                       .words = fmt::format("the entry at {} from {} to {}", update.address,
                                            flags_in_words(update.expected.flags()),
                                            flags_in_words(update.desired.flags()))});
}

void TranslationUnderWay::fault_begun(const FaultBegun& fault, std::uint64_t fault_order) {
    faults.push_back({.order = fault_order,
                      .story = {.at = fault.at,
                                .address = fault.fault.address,
                                .type = fault.fault.type,
                                .cause = fault.fault.cause}});
}

void TranslationUnderWay::fault_worked(const FaultWork& work) {
    if (!faults.empty()) {
        faults.back().story.cycles.add(work.stage, work.until - work.from);
    }
}

void TranslationUnderWay::fault_waited(const FaultWaited& wait) {
    if (faults.empty()) {
        return;
    }
    const Cycles in_storage = wait.storage_done - wait.from;
    const Cycles service = std::min(wait.service, in_storage);
    LatencyRecord& cycles = faults.back().story.cycles;
    cycles.add(Stage::storage, service);
    cycles.add(Stage::storage_wait, in_storage - service);
    cycles.add(Stage::run_queue_wait, wait.until - wait.storage_done);
}

void TranslationUnderWay::fault_ended(const FaultEnded& fault) {
    faults.back().story.outcome = fault.outcome;
    faults.back().story.until = fault.at;
}

void TranslationUnderWay::end() {
    lookups.clear();
    updates.clear();
    faults.clear();
    walks = 0;
    entries_read = 0;
    entries_in_cache = 0;
}

}  // namespace mmusim::tb
