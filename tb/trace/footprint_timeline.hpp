// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace mmusim::tb {

/// A part of a trace.
struct TraceInterval {
    std::uint64_t first_access = 0;
    std::uint64_t accesses = 0;
    std::uint64_t pages = 0;
    std::uint64_t new_pages = 0;

    constexpr bool operator==(const TraceInterval&) const = default;

    static constexpr auto fields() {
        using S = TraceInterval;
        return std::tuple{
            statistic("first_access", &S::first_access, "access", "how many were before"),
            statistic("accesses", &S::accesses, "access", "how many it has"),
            statistic("pages", &S::pages, "page", "different 4 KiB pages that it touches"),
            statistic("new_pages", &S::new_pages, "page", "of those, pages not touched before"),
        };
    }
};

/// Counts the different pages that a trace touches in each of equal intervals of accesses. How long
/// the trace is need not be known before: the counts of intervals twice, four times, eight times as
/// long are kept too, and in the end those are taken of which there are few.
class FootprintTimeline {
  public:
    /// The shortest interval, in accesses; at least 1.
    explicit FootprintTimeline(std::uint64_t accesses_per_interval)
        : accesses_per_interval_(accesses_per_interval) {}

    /// An access is made: its interval, counted from 0, which the pages are touched in.
    std::uint64_t begin_access();

    /// A page is touched that was touched last in that interval, an earlier one than the access's;
    /// or never.
    void touch(std::optional<std::uint64_t> previous_interval);

    /// The shortest intervals of which there are at most so many; 0: the shortest of all.
    [[nodiscard]] std::vector<TraceInterval> intervals(std::size_t most) const;

  private:
    static constexpr std::size_t levels = 40;

    [[nodiscard]] std::vector<std::uint64_t> new_pages_at(std::size_t level) const;

    std::uint64_t accesses_per_interval_;
    std::uint64_t accesses_ = 0;
    std::uint64_t interval_ = 0;
    std::uint64_t left_in_interval_ = 0;
    std::vector<std::uint64_t> new_pages_;
    /// By level, the pages of each interval of 2^level shortest ones.
    std::array<std::vector<std::uint64_t>, levels> pages_;
};

}  // namespace mmusim::tb
