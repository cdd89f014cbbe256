// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/footprint_timeline.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace mmusim::tb::footprint_timeline_test {

namespace {

/// The same counts, from the pages themselves.
[[nodiscard]] std::vector<TraceInterval> counted_intervals(const std::vector<std::uint64_t>& pages,
                                                           std::uint64_t length) {
    std::vector<TraceInterval> intervals;
    std::set<std::uint64_t> seen;
    for (std::size_t first = 0; first < pages.size(); first += length) {
        const std::size_t end = std::min<std::size_t>(first + length, pages.size());
        const std::set<std::uint64_t> here(pages.begin() + static_cast<std::ptrdiff_t>(first),
                                           pages.begin() + static_cast<std::ptrdiff_t>(end));
        const std::size_t before = seen.size();
        seen.insert(here.begin(), here.end());
        intervals.push_back({.first_access = first,
                             .accesses = end - first,
                             .pages = here.size(),
                             .new_pages = seen.size() - before});
    }
    return intervals;
}

[[nodiscard]] FootprintTimeline timeline_of(const std::vector<std::uint64_t>& pages,
                                            std::uint64_t shortest) {
    FootprintTimeline timeline(shortest);
    std::map<std::uint64_t, std::uint64_t> latest;
    for (const std::uint64_t page : pages) {
        const std::uint64_t interval = timeline.begin_access();
        const auto found = latest.find(page);
        if (found == latest.end()) {
            timeline.touch(std::nullopt);
        } else if (found->second != interval) {
            timeline.touch(found->second);
        }
        latest[page] = interval;
    }
    return timeline;
}

// Pages come and go, slowly and quickly.
[[nodiscard]] std::vector<std::uint64_t> some_pages(std::size_t count) {
    Random random(4);
    std::vector<std::uint64_t> pages;
    while (pages.size() < count) {
        pages.push_back(random.below(4) == 0 ? random.below(1000) : pages.size() / 50);
    }
    return pages;
}

}  // namespace

TEST_CASE("intervals of any length count their own pages", "[footprint_timeline]") {
    const auto count = GENERATE(1U, 7U, 8U, 9U, 999U, 4096U, 5000U);
    const auto shortest = GENERATE(1U, 7U, 64U);
    CAPTURE(count, shortest);
    const std::vector<std::uint64_t> pages = some_pages(count);
    const FootprintTimeline timeline = timeline_of(pages, shortest);
    CHECK((timeline.intervals(0) == counted_intervals(pages, shortest)));
}

TEST_CASE("the shortest intervals are taken of which there are few enough",
          "[footprint_timeline]") {
    const auto count = GENERATE(1U, 20U, 21U, 40U, 41U, 5000U, 20'000U);
    CAPTURE(count);
    const std::vector<std::uint64_t> pages = some_pages(count);
    const FootprintTimeline timeline = timeline_of(pages, 1);
    const std::vector<TraceInterval> intervals = timeline.intervals(20);
    REQUIRE(intervals.size() <= 20);
    CHECK((count <= 20 || intervals.size() > 10));
    const std::uint64_t length = intervals.front().accesses;
    CHECK((length & (length - 1)) == 0);
    CHECK((intervals == counted_intervals(pages, length)));
}

}  // namespace mmusim::tb::footprint_timeline_test
