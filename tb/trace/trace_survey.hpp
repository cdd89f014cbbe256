// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/paging/format.hpp"
#include "tb/trace/each_access.hpp"
#include "tb/trace/footprint_timeline.hpp"
#include "tb/trace/open_trace.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace mmusim::tb {

/// What a trace would need in pages of one size.
struct PageSizeFootprint {
    std::uint64_t pages = 0;
    std::uint64_t bytes = 0;

    static constexpr auto fields() {
        using S = PageSizeFootprint;
        return std::tuple{
            statistic("pages", &S::pages, "page", "different pages of this size touched"),
            statistic("bytes", &S::bytes, "byte", "the memory that they take"),
        };
    }
};

/// Pages that lie close to each other: less than 2 MiB between one and the next is untouched.
struct TraceRegion {
    std::uint64_t first_address = 0;
    std::uint64_t last_address = 0;
    std::uint64_t pages = 0;
    PerEnumerator<AccessType, std::uint64_t> pages_by_access{};

    static constexpr auto fields() {
        using S = TraceRegion;
        return std::tuple{
            statistic("first_address", &S::first_address, "", "where its first page begins"),
            statistic("last_address", &S::last_address, "", "the last byte of its last page"),
            statistic("pages", &S::pages, "page", "different 4 KiB pages touched"),
            statistic("pages_by_access", &S::pages_by_access, "page",
                      "of those, the pages that are read, written and fetched from"),
        };
    }
};

/// What a trace holds.
struct TraceSurvey {
    std::uint64_t accesses = 0;
    PerEnumerator<AccessType, std::uint64_t> accesses_by_type{};
    std::uint64_t page_crossings = 0;
    std::uint64_t largest_access_bytes = 0;
    std::uint64_t lowest_address = 0;
    std::uint64_t highest_address = 0;
    std::optional<hw::PagingMode> smallest_mode{};
    std::map<PageSize, PageSizeFootprint> footprint{};
    std::vector<TraceInterval> intervals{};
    std::vector<TraceRegion> regions{};

    static constexpr auto fields() {
        using S = TraceSurvey;
        return std::tuple{
            statistic("accesses", &S::accesses, "access", "all of them"),
            statistic("accesses_by_type", &S::accesses_by_type, "access",
                      "the same by what they do"),
            statistic("page_crossings", &S::page_crossings, "access",
                      "accesses that touch two pages of 4 KiB, and make two translations"),
            statistic("largest_access_bytes", &S::largest_access_bytes, "byte",
                      "the size of the largest access"),
            statistic("lowest_address", &S::lowest_address, "", "of the first byte accessed"),
            statistic("highest_address", &S::highest_address, "", "of the last byte accessed"),
            statistic("smallest_mode", &S::smallest_mode, "",
                      "the smallest `paging.mode` whose user half holds all; null: none does"),
            statistic("footprint", &S::footprint, "", "what is touched, by the size of pages"),
            statistic("intervals", &S::intervals, "", "the trace in equal parts"),
            statistic("regions", &S::regions, "",
                      "pages that lie close to each other: 2 MiB or more between one region and "
                      "the next is untouched"),
        };
    }
};

/// Surveys accesses as they come.
class TraceSurveyor {
  public:
    /// The accesses of an interval; nothing: as many as make a table of at most 20 rows.
    explicit TraceSurveyor(std::optional<std::uint64_t> accesses_per_interval = std::nullopt);

    void add(const Access& access);

    [[nodiscard]] TraceSurvey survey() const;

  private:
    struct TouchedPage {
        std::uint64_t latest_interval = 0;
        /// A bit for each type of access.
        std::uint8_t types = 0;
    };

    /// What was looked up last of all pages that fall into one place: nearly every access is
    /// answered here.
    struct RecentPage {
        std::uint64_t page_and_type = ~std::uint64_t{0};
        std::uint64_t interval = 0;
    };

    static constexpr std::size_t recent_pages = 4096;

    void touch(VirtualPageNumber page, AccessType type, std::uint64_t interval);

    TraceSurvey sums_;
    std::size_t most_intervals_;
    FootprintTimeline timeline_;
    std::unordered_map<std::uint64_t, TouchedPage> pages_;
    std::vector<RecentPage> recent_;
};

struct SurveyedTrace {
    TraceSurvey survey;
    bool interrupted = false;
};

/// Surveys a trace, all of it read. Throws InputError.
[[nodiscard]] SurveyedTrace survey_trace(
    const std::string& path, std::optional<TraceFormat> format,
    std::optional<std::uint64_t> accesses_per_interval = std::nullopt, const GoOn& go_on = {});

}  // namespace mmusim::tb
