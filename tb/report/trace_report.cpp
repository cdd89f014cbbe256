// SPDX-License-Identifier: Apache-2.0
#include "tb/report/trace_report.hpp"

#include "tb/report/number_text.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace mmusim::tb {

namespace {

/// The regions with the most pages; the report of a trace that has more ends in a line about them.
constexpr std::size_t most_regions = 16;
constexpr std::size_t widest_pages_bar = 24;

std::string access_table(const TraceSurvey& survey) {
    TextTable table(grouped(survey.accesses) + " accesses", {{.heading = ""}, {.heading = ""}});
    const auto add_row = [&](std::string name, std::uint64_t count) {
        table.add_row({std::move(name), grouped(count), percentage(count, survey.accesses)});
    };
    for (const AccessType type : {AccessType::fetch, AccessType::read, AccessType::write}) {
        add_row(std::string{name_of(type)}, survey.accesses_by_type[type]);
    }
    add_row("across two pages", survey.page_crossings);
    return table.text();
}

std::string address_line(const TraceSurvey& survey) {
    const std::string mode = survey.smallest_mode
                                 ? fmt::format("they fit {}", *survey.smallest_mode)
                                 : "no paging mode holds them";
    return fmt::format("addresses from {:#x} to {:#x}: {}\n", survey.lowest_address,
                       survey.highest_address, mode);
}

std::string footprint_table(const TraceSurvey& survey) {
    TextTable table("pages touched", {{.heading = "pages"}, {.heading = "memory"}});
    for (const auto& [size, footprint] : survey.footprint) {
        table.add_row({to_text(size), grouped(footprint.pages), binary_size(footprint.bytes)});
    }
    return table.text();
}

std::string pages_bar(std::uint64_t part, std::uint64_t largest) {
    const std::uint64_t length =
        largest == 0 ? 0 : (part * widest_pages_bar + largest - 1) / largest;
    std::string bar(static_cast<std::size_t>(length), '#');
    return bar;
}

std::string interval_table(const TraceSurvey& survey) {
    const auto has_fewer_pages = [](const TraceInterval& one, const TraceInterval& other) {
        return one.pages < other.pages;
    };
    const auto most =
        std::max_element(survey.intervals.begin(), survey.intervals.end(), has_fewer_pages);
    TextTable table("from access on", {{.heading = "accesses"},
                                       {.heading = "4KiB pages"},
                                       {.heading = "new"},
                                       {.heading = "so far"},
                                       {.heading = "", .alignment = Alignment::left}});
    std::uint64_t so_far = 0;
    for (const TraceInterval& interval : survey.intervals) {
        so_far += interval.new_pages;
        table.add_row({grouped(interval.first_access), grouped(interval.accesses),
                       grouped(interval.pages), grouped(interval.new_pages), grouped(so_far),
                       pages_bar(interval.pages, most->pages)});
    }
    return table.text();
}

std::string region_table(const TraceSurvey& survey) {
    std::vector<TraceRegion> regions = survey.regions;
    if (regions.size() > most_regions) {
        std::stable_sort(regions.begin(), regions.end(),
                         [](const TraceRegion& one, const TraceRegion& other) {
                             return one.pages > other.pages;
                         });
        regions.resize(most_regions);
        std::sort(regions.begin(), regions.end(),
                  [](const TraceRegion& one, const TraceRegion& other) {
                      return one.first_address < other.first_address;
                  });
    }
    TextTable table("regions", {{.heading = "to"},
                                {.heading = "4KiB pages"},
                                {.heading = "fetch"},
                                {.heading = "read"},
                                {.heading = "write"}});
    for (const TraceRegion& region : regions) {
        const auto& pages = region.pages_by_access;
        table.add_row({fmt::format("{:#x}", region.first_address),
                       fmt::format("{:#x}", region.last_address), grouped(region.pages),
                       grouped(pages[AccessType::fetch]), grouped(pages[AccessType::read]),
                       grouped(pages[AccessType::write])});
    }
    const std::size_t left_out = survey.regions.size() - regions.size();
    return table.text() +
           (left_out == 0 ? "" : fmt::format("  and {} with fewer pages\n", grouped(left_out)));
}

}  // namespace

std::string trace_report(std::string_view name, const TraceSurvey& survey) {
    return fmt::format("{}: {}{}\n{}\n{}\n{}", name, access_table(survey), address_line(survey),
                       footprint_table(survey), interval_table(survey), region_table(survey));
}

}  // namespace mmusim::tb
