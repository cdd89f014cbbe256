// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/stack_distances.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t fewest_times = std::size_t{1} << 16U;

// The lowest bit that is set: how many times a node of a Fenwick tree sums up.
constexpr std::size_t span_of(std::size_t node) {
    return node & (~node + 1);
}

}  // namespace

StackDistances::StackDistances() : tree_(fewest_times + 1) {}

std::optional<std::uint64_t> StackDistances::look_up(ProcessPage page) {
    ++lookups_;
    const std::uint64_t key = page.key();
    std::size_t distance = 0;
    if (key != latest_key_) {
        latest_key_ = key;
        if (now_ + 1 == tree_.size()) {
            renumber();
        }
        const auto [use, is_first] = latest_.try_emplace(key, now_ + 1);
        if (is_first) {
            mark(++now_);
            return std::nullopt;
        }
        distance = static_cast<std::size_t>(latest_.size() - marks_up_to(use->second));
        unmark(use->second);
        mark(++now_);
        use->second = now_;
    }
    if (counts_.size() <= distance) {
        counts_.resize(distance + 1);
    }
    ++counts_[distance];
    return distance;
}

std::vector<std::uint64_t> StackDistances::misses_by_power_of_two() const {
    std::vector<std::uint64_t> misses;
    std::uint64_t left = lookups_;
    std::size_t distance = 0;
    for (std::size_t entries = 1; entries <= latest_.size(); entries *= 2) {
        while (distance < std::min(entries, counts_.size())) {
            left -= counts_[distance++];
        }
        misses.push_back(left);
    }
    return misses;
}

std::optional<std::uint64_t> StackDistances::fewest_entries(std::uint64_t most_misses) const {
    std::uint64_t left = lookups_;
    for (std::size_t distance = 0; distance < counts_.size(); ++distance) {
        left -= counts_[distance];
        if (left <= most_misses) {
            return distance + 1;
        }
    }
    // One entry is the smallest TLB, whatever little it is asked to find.
    return left <= most_misses ? std::optional<std::uint64_t>(1) : std::nullopt;
}

std::uint64_t StackDistances::marks_up_to(std::size_t time) const {
    std::uint64_t marks = 0;
    for (std::size_t node = time; node > 0; node -= span_of(node)) {
        marks += tree_[node];
    }
    return marks;
}

void StackDistances::mark(std::size_t time) {
    add(time, 1);
}

void StackDistances::unmark(std::size_t time) {
    add(time, ~std::uint64_t{0});
}

// Modulo 2^64, so that a number can be taken away, too.
void StackDistances::add(std::size_t time, std::uint64_t amount) {
    for (std::size_t node = time; node < tree_.size(); node += span_of(node)) {
        tree_[node] += amount;
    }
}

// Only the order of the marked times matters, so they can be the first that there are.
void StackDistances::renumber() {
    std::vector<std::pair<std::size_t, std::uint64_t>> uses;
    uses.reserve(latest_.size());
    for (const auto& [key, time] : latest_) {
        uses.emplace_back(time, key);
    }
    std::sort(uses.begin(), uses.end());
    tree_.assign(std::max(fewest_times, 4 * uses.size()) + 1, 0);
    now_ = 0;
    for (const auto& [time, key] : uses) {
        mark(++now_);
        latest_[key] = now_;
    }
}

}  // namespace mmusim::tb
