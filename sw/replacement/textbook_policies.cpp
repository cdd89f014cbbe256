// SPDX-License-Identifier: Apache-2.0
#include "sw/replacement/textbook_policies.hpp"

#include <cstddef>
#include <limits>
#include <utility>

namespace mmusim::sw {

namespace {

std::optional<PhysicalPageNumber> first_that_may_leave(FrameQueue& queue, PagesInMemory& pages) {
    for (const PhysicalPageNumber frame : queue) {
        if (pages.may_leave(frame)) {
            return frame;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<PhysicalPageNumber> FifoReplacement::victim(PagesInMemory& pages) {
    return first_that_may_leave(queue_, pages);
}

std::optional<PhysicalPageNumber> LruReplacement::victim(PagesInMemory& pages) {
    return first_that_may_leave(queue_, pages);
}

void LruReplacement::accessed(PhysicalPageNumber frame) {
    if (queue_.contains(frame)) {
        queue_.move_to_back(frame);
    }
}

void ClockReplacement::released(PhysicalPageNumber frame) {
    const bool under_hand = hand_ != circle_.end() && *hand_ == frame;
    const auto next = circle_.remove(frame);
    if (under_hand) {
        hand_ = next;
    }
}

std::optional<PhysicalPageNumber> ClockReplacement::victim(PagesInMemory& pages) {
    // After one round no page is left that was accessed.
    const std::size_t two_rounds = 2 * circle_.size();
    for (std::size_t step = 0; step < two_rounds; ++step) {
        if (hand_ == circle_.end()) {
            hand_ = circle_.begin();
        }
        if (pages.may_leave(*hand_) && pages.take_accessed(*hand_) == 0) {
            return *hand_;
        }
        ++hand_;
    }
    return std::nullopt;
}

void CountingReplacement::loaded(PhysicalPageNumber frame, PageKind /*kind*/) {
    queue_.push_back(frame);
    counts_[frame.value] = 0;
}

void CountingReplacement::released(PhysicalPageNumber frame) {
    queue_.remove(frame);
    counts_.erase(frame.value);
}

void CountingReplacement::moved(PhysicalPageNumber from, PhysicalPageNumber to) {
    queue_.replace(from, to);
    auto count = counts_.extract(from.value);
    count.key() = to.value;
    counts_.insert(std::move(count));
}

std::optional<PhysicalPageNumber> CountingReplacement::victim(PagesInMemory& pages) {
    std::optional<PhysicalPageNumber> lowest;
    for (const PhysicalPageNumber frame : queue_) {
        const bool lower = !lowest || counts_.at(frame.value) < counts_.at(lowest->value);
        if (lower && pages.may_leave(frame)) {
            lowest = frame;
        }
    }
    return lowest;
}

void CountingReplacement::tick(PagesInMemory& pages) {
    constexpr unsigned top_bit = std::numeric_limits<std::uint64_t>::digits - 1;
    for (const PhysicalPageNumber frame : queue_) {
        std::uint64_t& count = counts_.at(frame.value);
        const std::uint64_t bit = pages.take_accessed(frame) > 0 ? 1 : 0;
        count = counter_ == Counter::sum ? count + bit : count >> 1U | bit << top_bit;
    }
}

std::optional<PhysicalPageNumber> OptimalReplacement::victim(PagesInMemory& pages) {
    std::optional<PhysicalPageNumber> furthest;
    std::uint64_t furthest_access = 0;
    for (const PhysicalPageNumber frame : queue_) {
        if (!pages.may_leave(frame)) {
            continue;
        }
        const std::optional<std::uint64_t> next = pages.next_access(frame);
        if (!next) {
            return frame;
        }
        if (!furthest || *next > furthest_access) {
            furthest = frame;
            furthest_access = *next;
        }
    }
    return furthest;
}

}  // namespace mmusim::sw
