// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/process_page.hpp"
#include "tb/explore/tlb_shape.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// Lookups in one TLB, and why those that missed did.
struct ClassifiedMisses {
    std::uint64_t lookups = 0;
    std::uint64_t compulsory = 0;
    std::uint64_t capacity = 0;
    std::uint64_t conflict = 0;

    bool operator==(const ClassifiedMisses&) const = default;
    ClassifiedMisses& operator+=(const ClassifiedMisses& other);
    [[nodiscard]] std::uint64_t misses() const { return compulsory + capacity + conflict; }
};

/// One TLB with LRU replacement, of any shape, by itself.
class LruPoint {
  public:
    explicit LruPoint(TlbShape shape);

    /// `distance`: how many other pages were looked up since the last lookup of this one; nothing
    /// for the first.
    void look_up(ProcessPage page, std::optional<std::uint64_t> distance);

    [[nodiscard]] TlbShape shape() const { return shape_; }
    /// By process; of those beyond the end there was no lookup.
    [[nodiscard]] const std::vector<ClassifiedMisses>& by_process() const { return by_process_; }

  private:
    [[nodiscard]] bool find_and_use(ProcessPage page);

    TlbShape shape_;
    std::vector<std::uint64_t> keys_;  // by set; the latest of each first
    std::vector<ClassifiedMisses> by_process_;
};

/// More would take more memory than a TLB is worth.
inline constexpr std::uint64_t most_entries_of_point = std::uint64_t{1} << 20U;

}  // namespace mmusim::tb
