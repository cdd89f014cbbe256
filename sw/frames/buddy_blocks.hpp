// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace mmusim::sw {

/// Neighbouring frames of physical memory.
struct FrameRange {
    PhysicalPageNumber first;
    std::uint64_t count = 0;
};

/// The free frames of one range, in blocks of powers of two that are aligned to their size
/// (Knowlton, "A fast storage allocator", 1965). A block that is too large is split; two free
/// halves of a block are always that block. Frames that are free take no room on the host one by
/// one.
class BuddyBlocks {
  public:
    /// A block of 2^18 frames is 1 GiB, the largest page of Sv39.
    static constexpr unsigned largest_order = 18;

    /// All frames of the range are free.
    explicit BuddyBlocks(FrameRange range);

    /// The first frame of a block of 2^order frames, which are free no more: of the smallest free
    /// blocks that hold one, the lowest; what nobody has had yet comes last. None where there is no
    /// such block.
    [[nodiscard]] std::optional<PhysicalPageNumber> take(unsigned order);

    /// Gives back a block, or a part of one that is itself a block.
    void give_back(PhysicalPageNumber first, unsigned order);

    /// Takes what is free of the block of 2^order frames that begins at `first`, a multiple of
    /// their number; how many frames that were.
    std::uint64_t take_free_of(PhysicalPageNumber first, unsigned order);

    [[nodiscard]] std::uint64_t free_frames() const { return free_frames_; }

    /// How many frames of the block of 2^order frames at `first` are free.
    [[nodiscard]] std::uint64_t free_frames_of(PhysicalPageNumber first, unsigned order) const;

    /// How many blocks of each order are free and part of none larger.
    [[nodiscard]] std::vector<std::uint64_t> free_blocks() const;

  private:
    [[nodiscard]] std::uint64_t end() const { return range_.first.value + range_.count; }
    void open_block();
    /// The order of the free block that the block is a part of, or equals.
    [[nodiscard]] std::optional<unsigned> free_order_around(std::uint64_t first,
                                                            unsigned order) const;
    void split_around(std::uint64_t first, unsigned order, unsigned from_order);
    [[nodiscard]] bool is_out(std::uint64_t first, unsigned order) const;
    void add(std::uint64_t first, unsigned order) { free_[order].insert(first); }

    FrameRange range_;
    std::uint64_t untouched_;                    // from here on all are free, and in no list
    std::vector<std::set<std::uint64_t>> free_;  // by order, the first frames of blocks
    std::uint64_t free_frames_;
};

}  // namespace mmusim::sw
