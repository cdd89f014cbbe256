// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/process_page.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// Counts in one pass what each of many TLBs with LRU replacement would miss: all numbers of sets
/// that are powers of two up to 4096, with 1 to 16 ways. Those of one number of sets hold each
/// other's pages, so that one stack per set is enough for them (Mattson et al., "Evaluation
/// techniques for storage hierarchies", 1970; Hill and Smith, "Evaluating associativity in CPU
/// caches", 1989).
class LruGeometries {
  public:
    static constexpr std::size_t set_counts = 13;  ///< 1, 2, 4 … 4096
    static constexpr std::size_t most_ways = 16;

    LruGeometries();

    /// `distance`: how many other pages were looked up since the last lookup of this one; nothing
    /// for the first.
    void look_up(ProcessPage page, std::optional<std::uint64_t> distance);

    [[nodiscard]] std::uint64_t lookups() const { return lookups_; }
    /// `ways` from 1 to most_ways.
    [[nodiscard]] std::uint64_t misses(std::size_t set_bits, std::size_t ways) const;
    /// Of those misses, the ones that a fully associative LRU TLB of as many entries would not
    /// make.
    [[nodiscard]] std::uint64_t conflicts(std::size_t set_bits, std::size_t ways) const;

  private:
    /// The keys of the pages that were used last in a set, the latest first.
    using Stack = std::array<std::uint64_t, most_ways>;

    void count_conflicts(std::size_t set_bits, std::size_t place, std::uint64_t distance);

    std::uint64_t lookups_ = 0;
    std::array<std::vector<Stack>, set_counts> stacks_;  // by set_bits, then by set
    /// Lookups that found their page on top with so many sets, and with none fewer.
    std::array<std::uint64_t, set_counts> first_on_top_{};
    /// Lookups that found their page in this place, the top excepted.
    std::array<std::array<std::uint64_t, most_ways>, set_counts> found_{};
    /// Lookups that are conflicts from so many ways on, and those that are no more, modulo 2^64.
    std::array<std::array<std::uint64_t, most_ways + 2>, set_counts> conflict_changes_{};
};

}  // namespace mmusim::tb
