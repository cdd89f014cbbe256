// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/trace_survey.hpp"

#include "tb/trace/user_half.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::uint64_t shortest_interval_accesses = 1000;
constexpr std::size_t most_interval_rows = 20;

constexpr unsigned type_bits_of_key = 2;

constexpr std::array<PageSize, 3> surveyed_sizes{
    {{.log2_bytes = 12}, {.log2_bytes = 21}, {.log2_bytes = 30}}};

/// So many untouched pages end a region.
constexpr std::uint64_t pages_between_regions = 512;

[[nodiscard]] PageSizeFootprint footprint_in(PageSize size,
                                             const std::vector<std::uint64_t>& sorted_pages) {
    PageSizeFootprint footprint;
    std::optional<std::uint64_t> latest;
    for (const std::uint64_t page : sorted_pages) {
        const std::uint64_t number = page_number_in_units_of(size, VirtualPageNumber{page});
        if (latest != number) {
            latest = number;
            ++footprint.pages;
        }
    }
    footprint.bytes = footprint.pages * size.bytes();
    return footprint;
}

[[nodiscard]] std::uint64_t last_byte_of(std::uint64_t page) {
    return (page << page_offset_bits) + (page_bytes - 1);
}

[[nodiscard]] std::optional<hw::PagingMode> smallest_mode_up_to(std::uint64_t highest_address) {
    for (std::size_t index = 0; index < hw::paging_formats.size(); ++index) {
        const auto mode = static_cast<hw::PagingMode>(index);
        if (UserHalf(mode).holds({highest_address}, 1)) {
            return mode;
        }
    }
    return std::nullopt;
}

}  // namespace

TraceSurveyor::TraceSurveyor(std::optional<std::uint64_t> accesses_per_interval)
    : most_intervals_(accesses_per_interval ? 0 : most_interval_rows),
      timeline_(accesses_per_interval.value_or(shortest_interval_accesses)),
      recent_(recent_pages) {
    sums_.lowest_address = std::numeric_limits<std::uint64_t>::max();
}

void TraceSurveyor::add(const Access& access) {
    const std::uint64_t interval = timeline_.begin_access();
    const VirtualAddress last_byte = access.address + (access.size_bytes - 1);
    ++sums_.accesses;
    ++sums_.accesses_by_type[access.type];
    sums_.largest_access_bytes =
        std::max<std::uint64_t>(sums_.largest_access_bytes, access.size_bytes);
    sums_.lowest_address = std::min(sums_.lowest_address, access.address.value);
    sums_.highest_address = std::max(sums_.highest_address, last_byte.value);
    touch(page_number_of(access.address), access.type, interval);
    if (access.crosses_page()) {
        ++sums_.page_crossings;
        touch(page_number_of(last_byte), access.type, interval);
    }
}

void TraceSurveyor::touch(VirtualPageNumber page, AccessType type, std::uint64_t interval) {
    const std::uint64_t key = page.value << type_bits_of_key | static_cast<std::uint64_t>(type);
    RecentPage& recent = recent_[key % recent_pages];
    if (recent.page_and_type == key && recent.interval == interval) {
        return;
    }
    recent = {.page_and_type = key, .interval = interval};

    const auto [found, is_new] = pages_.try_emplace(page.value);
    TouchedPage& touched = found->second;
    if (is_new) {
        timeline_.touch(std::nullopt);
    } else if (touched.latest_interval != interval) {
        timeline_.touch(touched.latest_interval);
    }
    touched.latest_interval = interval;
    touched.types = static_cast<std::uint8_t>(touched.types | 1U << static_cast<unsigned>(type));
}

TraceSurvey TraceSurveyor::survey() const {
    std::vector<std::uint64_t> sorted_pages;
    sorted_pages.reserve(pages_.size());
    for (const auto& [page, touched] : pages_) {
        sorted_pages.push_back(page);
    }
    std::sort(sorted_pages.begin(), sorted_pages.end());

    TraceSurvey survey = sums_;
    survey.smallest_mode = smallest_mode_up_to(survey.highest_address);
    survey.intervals = timeline_.intervals(most_intervals_);
    for (const PageSize size : surveyed_sizes) {
        survey.footprint[size] = footprint_in(size, sorted_pages);
    }
    std::optional<std::uint64_t> latest;
    for (const std::uint64_t page : sorted_pages) {
        if (!latest || page - *latest > pages_between_regions) {
            survey.regions.push_back({.first_address = page << page_offset_bits});
        }
        latest = page;
        TraceRegion& region = survey.regions.back();
        region.last_address = last_byte_of(page);
        ++region.pages;
        const unsigned types = pages_.at(page).types;
        for (std::size_t type = 0; type < enumerator_count<AccessType>; ++type) {
            region.pages_by_access.values.at(type) += types >> type & 1U;
        }
    }
    return survey;
}

SurveyedTrace survey_trace(const std::string& path, std::optional<TraceFormat> format,
                           std::optional<std::uint64_t> accesses_per_interval, const GoOn& go_on) {
    const auto source = open_trace(path, format, UserHalf{});
    TraceSurveyor surveyor(accesses_per_interval);
    const bool whole = for_each_access(*source, 0, std::numeric_limits<std::uint64_t>::max(), go_on,
                                       [&](const Access& access) { surveyor.add(access); });
    return {.survey = surveyor.survey(), .interrupted = !whole};
}

}  // namespace mmusim::tb
