// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/story_sections.hpp"
#include "tb/explain/story_words.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mmusim::tb {

namespace {

std::string left_out_line(std::uint64_t all, std::size_t shown) {
    return all > shown ? fmt::format("  and {} more\n", grouped(all - shown)) : "";
}

std::string event_in_words(const StoryEvent& event, sw::ProcessId own,
                           const std::vector<sw::ProcessStatistics>& processes) {
    switch (event.kind) {
        case StoryEventKind::fill:
            return fmt::format(
                "{} takes it in: {}{}", event.tlb, event.words,
                event.other ? ", in place of " + page_in_words(*event.other, own, processes) : "");
        case StoryEventKind::eviction:
            return fmt::format("{} evicts it from {} for {}", event.tlb, event.words,
                               page_in_words(*event.other, own, processes));
        case StoryEventKind::removal: return fmt::format("{} loses it: {}", event.tlb, event.words);
        case StoryEventKind::fault: return "fault: " + event.words;
        case StoryEventKind::entry_update: return "a walker sets " + event.words;
        case StoryEventKind::translation:
        case StoryEventKind::change: break;
    }
    return event.words;
}

}  // namespace

std::string fault_part_of(const ProcessStory& story) {
    if (story.fault_count() == 0) {
        return {};
    }
    TextTable table("Fault in cycle",
                    {{.heading = "access"},
                     {.heading = "", .alignment = Alignment::left},
                     {.heading = "kind", .alignment = Alignment::left},
                     {.heading = "class", .alignment = Alignment::left},
                     {.heading = "cycles"},
                     {.heading = "of them", .alignment = Alignment::left}},
                    Alignment::right);
    for (const FaultStory& fault : story.faults) {
        const std::string signal =
            fault.outcome.signal ? fmt::format(", {}", *fault.outcome.signal) : "";
        table.add_row({grouped(fault.at.value), grouped(fault.access),
                       std::string(name_of(fault.type)), std::string(name_of(fault.outcome.kind)),
                       fmt::format("{}{}", fault.outcome.fault_class(), signal),
                       grouped((fault.until - fault.at).value), stages_in_words(fault.cycles)});
    }
    return table.text() + left_out_line(story.fault_count(), story.faults.size()) +
           fmt::format("  all: {}, {} cycles in the handler\n",
                       fmt::join(counts_in_words(story.fault_counts), ", "),
                       grouped(story.fault_cycles.total().value));
}

std::string event_part_of(const ProcessStory& story,
                          const std::vector<sw::ProcessStatistics>& processes) {
    if (story.events.empty()) {
        return {};
    }
    TextTable table("In cycle", {{.heading = "what happened", .alignment = Alignment::left}},
                    Alignment::right);
    for (const StoryEvent& event : story.events) {
        table.add_row({grouped(event.at.value), event_in_words(event, story.process, processes)});
    }
    return table.text() + left_out_line(story.event_count, story.events.size());
}

}  // namespace mmusim::tb
