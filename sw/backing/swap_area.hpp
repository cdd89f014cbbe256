// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>

namespace mmusim::sw {

/// A page's place in the swap area, from 0.
struct SwapSlot {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const SwapSlot&) const = default;
};

/// Which places of the swap area are taken, and by how many. A slot belongs to all page-table
/// entries that name it and, as long as a frame holds the same contents, to that frame.
class SwapArea {
  public:
    explicit SwapArea(std::uint64_t slots) : slots_(slots) {}

    /// The lowest free slot, with one owner; none when all are taken.
    [[nodiscard]] std::optional<SwapSlot> take();

    /// One owner more, or less; without any the slot is free. The slot is taken.
    void add_owner(SwapSlot slot);
    void remove_owner(SwapSlot slot);

    [[nodiscard]] std::uint64_t owners(SwapSlot slot) const;
    [[nodiscard]] std::uint64_t taken() const { return owners_.size(); }
    [[nodiscard]] std::uint64_t size() const { return slots_; }

  private:
    std::uint64_t slots_;
    std::uint64_t ever_taken_ = 0;
    std::set<std::uint64_t> given_back_;
    std::unordered_map<std::uint64_t, std::uint64_t> owners_;  // by slot
};

}  // namespace mmusim::sw
