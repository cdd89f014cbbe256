// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <cstdint>
#include <optional>
#include <unordered_set>

namespace mmusim::tb {

/// What a trace holds.
struct TraceSummary {
    PerEnumerator<AccessType, std::uint64_t> accesses;
    /// Accesses that touch two pages.
    std::uint64_t page_crossings = 0;
    /// Accesses of more than one byte.
    std::uint64_t larger_than_a_byte = 0;
    /// Different 4 KiB pages touched.
    std::uint64_t pages = 0;
    VirtualAddress lowest;
    VirtualAddress highest;

    [[nodiscard]] std::uint64_t total_accesses() const;
};

/// Adds up a TraceSummary, access by access.
class TraceSummarizer {
  public:
    void add(const Access& access);
    [[nodiscard]] const TraceSummary& summary() const { return summary_; }

  private:
    void add_page(VirtualPageNumber page);

    TraceSummary summary_;
    std::unordered_set<std::uint64_t> pages_;
    /// The page seen last for each type: most accesses stay in it.
    PerEnumerator<AccessType, std::optional<VirtualPageNumber>> latest_pages_;
};

}  // namespace mmusim::tb
