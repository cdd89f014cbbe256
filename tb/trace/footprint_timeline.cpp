// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/footprint_timeline.hpp"

#include <algorithm>

namespace mmusim::tb {

namespace {

void count_at(std::vector<std::uint64_t>& counts, std::uint64_t index) {
    if (counts.size() <= index) {
        counts.resize(index + 1);
    }
    ++counts[index];
}

}  // namespace

std::uint64_t FootprintTimeline::begin_access() {
    if (left_in_interval_ == 0) {
        interval_ = accesses_ / accesses_per_interval_;
        left_in_interval_ = accesses_per_interval_;
    }
    --left_in_interval_;
    ++accesses_;
    return interval_;
}

void FootprintTimeline::touch(std::optional<std::uint64_t> previous_interval) {
    for (std::size_t level = 0; level < levels; ++level) {
        const std::uint64_t index = interval_ >> level;
        if (previous_interval && *previous_interval >> level == index) {
            break;
        }
        count_at(pages_.at(level), index);
    }
    if (!previous_interval) {
        count_at(new_pages_, interval_);
    }
}

std::vector<TraceInterval> FootprintTimeline::intervals(std::size_t most) const {
    const auto count_at_level = [this](std::size_t level) {
        const std::uint64_t length = accesses_per_interval_ << level;
        return accesses_ / length + (accesses_ % length == 0 ? 0 : 1);
    };
    std::size_t level = 0;
    while (most != 0 && level + 1 < levels && count_at_level(level) > most) {
        ++level;
    }
    std::vector<std::uint64_t> pages = pages_.at(level);
    std::vector<std::uint64_t> new_pages = new_pages_at(level);
    pages.resize(count_at_level(level));
    new_pages.resize(pages.size());

    std::vector<TraceInterval> intervals;
    for (std::size_t index = 0; index < pages.size(); ++index) {
        const std::uint64_t length = accesses_per_interval_ << level;
        const std::uint64_t first = index * length;
        intervals.push_back({.first_access = first,
                             .accesses = std::min(length, accesses_ - first),
                             .pages = pages[index],
                             .new_pages = new_pages[index]});
    }
    return intervals;
}

std::vector<std::uint64_t> FootprintTimeline::new_pages_at(std::size_t level) const {
    std::vector<std::uint64_t> sums;
    for (std::size_t interval = 0; interval < new_pages_.size(); ++interval) {
        sums.resize((interval >> level) + 1);
        sums.back() += new_pages_[interval];
    }
    return sums;
}

}  // namespace mmusim::tb
