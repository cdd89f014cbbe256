// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/story_report.hpp"

#include "tb/events/entry_words.hpp"
#include "tb/explain/story_sections.hpp"
#include "tb/explain/story_words.hpp"
#include "tb/report/machine_summary.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/text_table.hpp"
#include "tb/report/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t story_columns = 100;
constexpr std::size_t most_told = 8;

std::string process_name(const Explanation& explanation, const ProcessStory& story) {
    const sw::ProcessStatistics& process = explanation.result.processes.at(story.process.value);
    return fmt::format("{}, ASID {}", process.name, process.asid);
}

std::string workload_name(const WorkloadDescription& workload) {
    return workload.script ? *workload.script : fmt::format("{}", fmt::join(workload.traces, ", "));
}

std::string story_heading(const Explanation& explanation) {
    constexpr std::size_t indentation = 2;
    const std::string heading =
        wrapped(fmt::format("mmusim {}: {} in {}", version(), explanation.address,
                            workload_name(explanation.result.workload)),
                story_columns, indentation);
    return fmt::format("{}\nmachine: {}\naddress: {}\n{}", heading,
                       machine_summary(explanation.configuration),
                       parts_of(explanation.address, explanation.configuration.paging),
                       explanation.result.interrupted ? "INTERRUPTED: up to there\n" : "");
}

std::string region_line(const Explanation& explanation, const ProcessStory& story) {
    const auto words = [&](const AddressLook& look) {
        const sw::Region& region = *look.region;
        std::string text =
            fmt::format("{}-{} {} {}", region.start, region.end, rights_in_words(region),
                        backing_in_words(explanation.address, region, look.region_name,
                                         explanation.configuration.paging));
        return text + (region.locked ? ", locked" : "");
    };
    if (story.at_end && story.at_end->region) {
        return fmt::format("region at the end: {}\n", words(*story.at_end));
    }
    const std::string_view fate = story.at_end ? "there is none" : "the process has exited";
    if (!story.last_mapped) {
        return fmt::format("region at the end: {}\n", fate);
    }
    return fmt::format("region at the end: {}; in cycle {} it was {}\n", fate,
                       grouped(story.last_mapped->at.value), words(*story.last_mapped));
}

/// The look that the walk is shown of: the last there is.
const AddressLook* last_look(const ProcessStory& story) {
    if (story.at_end) {
        return &*story.at_end;
    }
    return story.last_mapped ? &*story.last_mapped : nullptr;
}

std::string walk_table(const Explanation& explanation, const ProcessStory& story) {
    const AddressLook* const look = last_look(story);
    if (look == nullptr) {
        return {};
    }
    TextTable table(
        story.at_end ? "Walk at the end" : fmt::format("Walk in cycle {}", grouped(look->at.value)),
        {{.heading = "entry at", .alignment = Alignment::left},
         {.heading = "value", .alignment = Alignment::left},
         {.heading = "flags", .alignment = Alignment::left},
         {.heading = "", .alignment = Alignment::left}});
    for (const SeenEntry& seen : look->walk.entries) {
        table.add_row({fmt::format("level {}", seen.level), fmt::format("{}", seen.address),
                       seen.entry ? fmt::format("{}", *seen.entry) : "",
                       seen.entry ? flags_in_words(seen.entry->flags()) : "",
                       entry_in_words(seen, explanation.configuration.paging)});
    }
    if (look->walk.page) {
        const hw::TranslatedPage& page = *look->walk.page;
        return table.text() + fmt::format("  {} is at {}, in a {}\n", explanation.address,
                                          page.physical_address(explanation.address),
                                          in_words(page));
    }
    return table.text() +
           fmt::format("  stops with a {}\n", in_words(*look->walk.fault, AccessType::read));
}

std::string access_lines(const Explanation& explanation, const ProcessStory& story) {
    const RunResult& result = explanation.result;
    if (story.translations == 0) {
        return "It was never accessed.\n";
    }
    std::vector<std::string> types;
    for (const AccessType type : {AccessType::fetch, AccessType::read, AccessType::write}) {
        if (story.by_type[type] > 0) {
            types.push_back(fmt::format("{} {}", type, grouped(story.by_type[type])));
        }
    }
    std::vector<std::string> sizes;
    for (const auto& [size, count] : story.by_page_size) {
        sizes.push_back(fmt::format("{} in a page of {}", grouped(count), size));
    }
    std::uint64_t with_page = 0;
    for (const auto& [size, count] : story.by_page_size) {
        with_page += count;
    }
    if (with_page < story.translations) {
        sizes.push_back(fmt::format("{} without a page", grouped(story.translations - with_page)));
    }
    std::string text =
        fmt::format("{} of the run's {} accesses, {}: {}\n", grouped(story.accesses),
                    grouped(result.totals.accesses),
                    percentage(story.accesses, result.totals.accesses), fmt::join(types, ", "));
    text +=
        fmt::format("{}: {}", counted(story.translations, "translation"), fmt::join(sizes, ", "));
    if (story.translations_of_base_page != story.translations) {
        text += fmt::format("; {} in the 4KiB of the address itself",
                            grouped(story.translations_of_base_page));
    }
    return text + "\n";
}

std::string story_class_table(const Explanation& explanation, const ProcessStory& story) {
    TextTable table("Translations",
                    {{.heading = "count"}, {.heading = "cycles"}, {.heading = "mean"}});
    ClassStory all;
    for (const auto& [its_class, figures] : story.classes) {
        table.add_row({class_name(its_class), grouped(figures.count), grouped(figures.cycles.value),
                       quotient(figures.cycles.value, figures.count)});
        all.count += figures.count;
        all.cycles += figures.cycles;
    }
    table.add_row({"all", grouped(all.count), grouped(all.cycles.value),
                   quotient(all.cycles.value, all.count)});
    const std::uint64_t of_run = explanation.result.breakdown.total().value;
    return table.text() +
           fmt::format("  {} of the cycles of all the run's translations\n",
                       percentage(all.cycles.value, of_run)) +
           (story.walks == 0 ? ""
                             : fmt::format("  {}, {} of entries{}\n", counted(story.walks, "walk"),
                                           counted(story.entries_read, "read"),
                                           story.entries_in_cache == 0
                                               ? ""
                                               : fmt::format(", {} found in the walk cache",
                                                             grouped(story.entries_in_cache))));
}

std::string stage_table(const LatencyRecord& cycles, std::string title) {
    TextTable table(std::move(title), {{.heading = "cycles"}, {.heading = ""}});
    const std::uint64_t total = cycles.total().value;
    for (std::size_t index = 0; index < enumerator_count<Stage>; ++index) {
        const auto stage = static_cast<Stage>(index);
        const std::uint64_t spent = cycles.stages[stage].value;
        if (spent > 0) {
            table.add_row({std::string(name_of(stage)), grouped(spent), percentage(spent, total)});
        }
    }
    table.add_row({"total", grouped(total), percentage(total, total)});
    return table.text();
}

std::string in_blocks(const std::vector<std::string>& sections) {
    std::string text;
    for (const std::string& section : sections) {
        if (!section.empty()) {
            text += (text.empty() ? "" : "\n") + section;
        }
    }
    return text;
}

std::string process_part(const Explanation& explanation, const ProcessStory& story) {
    const bool accessed = story.translations > 0;
    return in_blocks(
        {fmt::format("Process {}\n", process_name(explanation, story)) +
             region_line(explanation, story) + access_lines(explanation, story),
         walk_table(explanation, story), accessed ? story_class_table(explanation, story) : "",
         accessed ? stage_table(story.cycles, "Their cycles") : "", tlb_part_of(explanation, story),
         fault_part_of(story), event_part_of(story, explanation.result.processes)});
}

std::string accesses_in_words(std::uint64_t accesses) {
    switch (accesses) {
        case 0: return "no access";
        case 1: return "1 access";
        default: return grouped(accesses) + " accesses";
    }
}

// Those that are not `shown`.
std::string others_line(const Explanation& explanation, const std::vector<std::size_t>& shown) {
    std::vector<std::string> names;
    std::size_t others = 0;
    for (std::size_t place = 0; place < explanation.stories.size(); ++place) {
        if (std::find(shown.begin(), shown.end(), place) != shown.end()) {
            continue;
        }
        ++others;
        if (names.size() < most_told) {
            const ProcessStory& story = explanation.stories[place];
            names.push_back(fmt::format("{} ({})", process_name(explanation, story),
                                        accesses_in_words(story.accesses)));
        }
    }
    if (others == 0) {
        return {};
    }
    const std::string more =
        others > names.size() ? fmt::format("; and {} more", grouped(others - names.size())) : "";
    constexpr std::size_t indentation = 2;
    return wrapped(fmt::format("Not told, for --process: {}{}", fmt::join(names, "; "), more),
                   story_columns, indentation) +
           "\n";
}

}  // namespace

std::string story_report(const Explanation& explanation) {
    std::vector<std::size_t> shown = explanation.told;
    shown.resize(std::min(shown.size(), most_told));
    std::vector<std::string> parts{story_heading(explanation)};
    for (const std::size_t place : shown) {
        parts.push_back(process_part(explanation, explanation.stories.at(place)));
    }
    parts.push_back(others_line(explanation, shown));
    return in_blocks(parts);
}

}  // namespace mmusim::tb
