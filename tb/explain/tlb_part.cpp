// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/story_sections.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace mmusim::tb {

namespace {

/// Pages that had to do with this one, those with the highest counts.
constexpr std::size_t most_pages = 5;
constexpr std::size_t tlb_part_columns = 100;

// In the order of the machine: from the first levels down.
std::vector<const TlbStory*> tlbs_with_something_to_tell(const Explanation& explanation,
                                                         const ProcessStory& story) {
    std::vector<const TlbStory*> result;
    for (const auto& [name, statistics] : explanation.result.tlbs) {
        for (const TlbStory& tlb : story.tlbs) {
            if (tlb.name == name && (tlb.lookups > 0 || tlb.fills > 0 || tlb.held > Cycles{})) {
                result.push_back(&tlb);
            }
        }
    }
    return result;
}

std::string set_in_words(const TlbStory& tlb) {
    std::vector<std::string> sets;
    for (const WatchedSet& watched : tlb.watched_sets) {
        sets.push_back(fmt::format("{}", watched.set));
    }
    return fmt::format("{} of {}", fmt::join(sets, " and "), grouped(tlb.sets));
}

std::string rivals_in_words(const TlbStory& tlb) {
    std::vector<std::string> pages;
    for (const WatchedSet& watched : tlb.watched_sets) {
        pages.push_back(grouped(watched.pages));
    }
    return fmt::format("{}", fmt::join(pages, " and "));
}

std::string tlb_table(const std::vector<const TlbStory*>& tlbs) {
    TextTable table("TLB", {{.heading = "set"},
                            {.heading = "ways"},
                            {.heading = "pages in that set"},
                            {.heading = "lookups"},
                            {.heading = "hits"},
                            {.heading = "misses"},
                            {.heading = "fills"},
                            {.heading = "evicted"},
                            {.heading = "removed"},
                            {.heading = "cycles there"}});
    for (const TlbStory* const tlb : tlbs) {
        std::uint64_t removals = 0;
        for (const std::uint64_t count : tlb->removals.values) {
            removals += count;
        }
        table.add_row({tlb->name, set_in_words(*tlb), grouped(tlb->ways), rivals_in_words(*tlb),
                       grouped(tlb->lookups), grouped(tlb->hits), grouped(tlb->misses),
                       grouped(tlb->fills), grouped(tlb->evictions), grouped(removals),
                       grouped(tlb->held.value)});
    }
    return table.text();
}

std::string pages_in_words(const PageCounts& counts, sw::ProcessId own,
                           const std::vector<sw::ProcessStatistics>& processes) {
    std::vector<std::pair<HeldPage, std::uint64_t>> pages(counts.begin(), counts.end());
    std::stable_sort(pages.begin(), pages.end(),
                     [](const auto& one, const auto& other) { return one.second > other.second; });
    const std::size_t shown = std::min(pages.size(), most_pages);
    std::vector<std::string> words;
    for (std::size_t index = 0; index < shown; ++index) {
        words.push_back(fmt::format("{} {}", page_in_words(pages[index].first, own, processes),
                                    grouped(pages[index].second)));
    }
    if (pages.size() > shown) {
        words.push_back(fmt::format("and {} more pages", grouped(pages.size() - shown)));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string tlb_details(const TlbStory& tlb, sw::ProcessId own,
                        const std::vector<sw::ProcessStatistics>& processes) {
    constexpr std::size_t indentation = 6;
    std::string text;
    const auto add = [&](std::string_view what, const std::string& words) {
        if (!words.empty()) {
            text += "  " +
                    wrapped(fmt::format("{}: {} {}", tlb.name, what, words), tlb_part_columns,
                            indentation) +
                    "\n";
        }
    };
    add("missed:", fmt::format("{}", fmt::join(counts_in_words(tlb.causes), ", ")));
    if (tlb.kinds) {
        add("misses by kind:", fmt::format("{}", fmt::join(counts_in_words(*tlb.kinds), ", ")));
    }
    add("evicted by", pages_in_words(tlb.evicted_by, own, processes));
    add("removed by", fmt::format("{}", fmt::join(counts_in_words(tlb.removals), ", ")));
    add("took the place of", pages_in_words(tlb.evicted, own, processes));
    if (tlb.held_at_end) {
        add("holds it", "at the end");
    }
    return text;
}

}  // namespace

std::string page_in_words(const HeldPage& page, sw::ProcessId own,
                          const std::vector<sw::ProcessStatistics>& processes) {
    std::string text;
    if (page.process != own) {
        const sw::ProcessStatistics& process = processes.at(page.process.value);
        text = fmt::format("{} (ASID {}) ", process.name, process.asid);
    }
    text += fmt::format("{}", page.page.address());
    return page.size == base_page_size ? text : text + fmt::format(" ({})", page.size);
}

std::string tlb_part_of(const Explanation& explanation, const ProcessStory& story) {
    const std::vector<const TlbStory*> tlbs = tlbs_with_something_to_tell(explanation, story);
    if (tlbs.empty()) {
        return {};
    }
    std::string text = tlb_table(tlbs);
    for (const TlbStory* const tlb : tlbs) {
        text += tlb_details(*tlb, story.process, explanation.result.processes);
    }
    return text;
}

}  // namespace mmusim::tb
