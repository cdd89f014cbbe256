// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/process_page.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mmusim::tb {

/// Counts how many other pages were used between two uses of a page: a fully associative LRU TLB
/// finds it if it has more entries than that. Takes the logarithm of the number of pages for each
/// lookup (Bennett and Kruskal, "LRU stack processing", 1975, with a Fenwick tree).
class StackDistances {
  public:
    StackDistances();

    /// How many other pages were looked up since the last lookup of this one; nothing for the
    /// first.
    std::optional<std::uint64_t> look_up(ProcessPage page);

    /// Different pages; the first lookup of each finds it nowhere.
    [[nodiscard]] std::uint64_t pages() const { return latest_.size(); }
    /// How many lookups had this distance, by distance.
    [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
    /// What a fully associative LRU TLB of each size would miss: sizes 1, 2, 4 … up to the pages.
    [[nodiscard]] std::vector<std::uint64_t> misses_by_power_of_two() const;
    /// The fewest entries with which a fully associative LRU TLB misses at most so many; nothing if
    /// the first lookups alone are more.
    [[nodiscard]] std::optional<std::uint64_t> fewest_entries(std::uint64_t most_misses) const;

  private:
    [[nodiscard]] std::uint64_t marks_up_to(std::size_t time) const;
    void mark(std::size_t time);
    void unmark(std::size_t time);
    void add(std::size_t time, std::uint64_t amount);
    void renumber();

    std::uint64_t lookups_ = 0;
    std::optional<std::uint64_t> latest_key_;
    std::unordered_map<std::uint64_t, std::size_t> latest_;  // use of each page, by key
    std::size_t now_ = 0;                                    // the latest use of all; from 1
    std::vector<std::uint64_t> tree_;  // the times at which some page was used last are marked
    std::vector<std::uint64_t> counts_;
};

}  // namespace mmusim::tb
