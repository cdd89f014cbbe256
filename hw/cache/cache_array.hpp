// SPDX-License-Identifier: Apache-2.0
// The lines of one cache: lookup, fill, eviction. No clock and no data: what memory holds has one
// place, the memory.
#pragma once

#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"
#include "hw/cache/parameters.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// The number of a line: its address divided by the size of a line.
struct LineNumber {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const LineNumber&) const = default;
};

/// What an access does to its line.
enum class LineUse : std::uint8_t { reads, writes };

class CacheArray {
  public:
    CacheArray(const CacheParameters& parameters, std::uint64_t seed);

    struct Line {
        LineNumber number;
        bool dirty = false;

        bool operator==(const Line&) const = default;
    };

    /// Whether the line is present. If it is, that counts as a use, and one that writes makes the
    /// line dirty.
    [[nodiscard]] bool lookup(LineNumber line, LineUse use);

    /// Enters a line that is absent; returns the valid one that gave way. Empty ways are taken
    /// first, the lowest before the others.
    std::optional<Line> fill(LineNumber line, LineUse use);

    /// All valid lines, by set and way.
    [[nodiscard]] std::vector<Line> lines() const;

  private:
    static constexpr std::uint64_t invalid_line = ~std::uint64_t{0};

    [[nodiscard]] std::size_t set_of(LineNumber line) const { return line.value % sets_; }
    /// The slot of a set that holds this number; the set's end if none does.
    [[nodiscard]] std::size_t find(std::size_t set, std::uint64_t number) const;

    std::size_t sets_;
    std::size_t ways_;
    std::vector<std::uint64_t> numbers_;
    std::vector<std::uint8_t> dirty_;
    ReplacementState replacement_;
};

}  // namespace mmusim::hw
