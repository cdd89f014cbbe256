// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/processes/memory_statistics.hpp"

#include <cstdint>

namespace mmusim::sw {

/// Bytes of which each page counts for a part, in units of 1/4096 byte (Linux's PSS_SHIFT): what is
/// lost by rounding stays below a byte until some millions of pages.
class ProportionalBytes {
  public:
    void add(std::uint64_t bytes, std::uint64_t sharers) { scaled_ += (bytes << shift) / sharers; }
    ProportionalBytes& operator+=(ProportionalBytes other) {
        scaled_ += other.scaled_;
        return *this;
    }
    [[nodiscard]] std::uint64_t bytes() const { return scaled_ >> shift; }

  private:
    static constexpr unsigned shift = 12;

    std::uint64_t scaled_ = 0;
};

/// What an entry and its page are to the count.
struct CountedPage {
    MappedObject object = MappedObject::anonymous;
    std::uint64_t mappings = 1;  ///< entries that map it, of all processes
    bool huge = false;           ///< mapped as a part of a huge page
    bool dirty = false;
    bool referenced = false;
    bool locked = false;
};

/// Adds up pages to the totals of smaps.
class MemoryCount {
  public:
    void add_region(std::uint64_t bytes) { whole_.size += bytes; }
    void add_swapped(std::uint64_t bytes) { whole_.swap += bytes; }
    void add(const CountedPage& page);
    /// `mappings`: entries that map it, of all processes.
    void add_explicit_huge_page(std::uint64_t bytes, std::uint64_t mappings);
    MemoryCount& operator+=(const MemoryCount& other);

    [[nodiscard]] SmapsStatistics totals() const;

  private:
    [[nodiscard]] ProportionalBytes& proportional(MappedObject object);

    SmapsStatistics whole_;  // but for what is proportional
    ProportionalBytes pss_;
    ProportionalBytes anonymous_;
    ProportionalBytes file_;
    ProportionalBytes shared_memory_;
    ProportionalBytes locked_;
};

}  // namespace mmusim::sw
