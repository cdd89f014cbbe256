// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/backing/swap_area.hpp"
#include "sw/frames/frame_use.hpp"
#include "sw/machine.hpp"
#include "sw/processes/process_id.hpp"
#include "sw/spaces/region.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mmusim::sw {

/// A page-table entry that maps a frame, by the address it is for.
struct PageMapping {
    ProcessId process;
    VirtualPageNumber page;

    constexpr bool operator==(const PageMapping&) const = default;
};

/// A page of a file or of shared memory.
struct ObjectPage {
    ObjectId object;
    std::uint64_t page = 0;

    constexpr bool operator==(const ObjectPage&) const = default;
};

/// What is known of a frame that holds data.
struct Frame {
    /// The page of an object that it holds; none: anonymous memory.
    std::optional<ObjectPage> object_page{};
    std::vector<PageMapping> mappings{};
    /// The first frame of the huge page that it is a part of, as long as somebody maps that whole.
    std::optional<PhysicalPageNumber> huge_page{};
    /// Of a huge page's first frame: who maps it whole.
    std::vector<PageMapping> huge_mappings{};
    /// One process's own: it may write without asking who else sees the page.
    bool exclusive = false;
    /// Storage has no page that equals it, whatever the D bits of its mappings say.
    bool dirty = false;
    /// Its process can do without what it held (MADV_FREE), unless a D bit says that it was written
    /// since.
    bool freeable = false;
    /// Where swap keeps a page that equals it, unless it is dirty.
    std::optional<SwapSlot> slot{};
    /// The request to storage that it is under, and whether that writes.
    std::optional<IoTicket> io{};
    bool written_back = false;
    /// Its frame is wanted for another page; who maps it again keeps it here.
    bool leaving = false;
    /// So many need it to stay in memory for a while.
    std::uint32_t pins = 0;
    /// Storage would not take it.
    bool unwritable = false;

    [[nodiscard]] FrameUse use() const {
        return object_page ? FrameUse::file : FrameUse::anonymous;
    }
    /// Whether its page is being read, so that nobody can use it yet.
    [[nodiscard]] bool arriving() const { return io && !written_back; }
    /// Whether one process maps it, and nobody else.
    [[nodiscard]] bool mapped_once() const { return mappings.size() == 1 && !huge_page; }
    /// Whether somebody needs it, though nobody may map it.
    [[nodiscard]] bool held() const { return !mappings.empty() || huge_page || io || pins > 0; }
};

/// The frames that hold data, page tables apart.
class FrameTable {
  public:
    /// Counts the frames of data in each block of 2^block_order frames, aligned to that size.
    explicit FrameTable(unsigned block_order) : block_order_(block_order) {}

    /// The frame holds data from now on, and did not before.
    Frame& add(PhysicalPageNumber frame, Frame state) {
        ++in_block_[frame.value >> block_order_];
        return frames_.emplace(frame.value, std::move(state)).first->second;
    }
    void remove(PhysicalPageNumber frame) {
        const auto block = in_block_.find(frame.value >> block_order_);
        if (--block->second == 0) {
            in_block_.erase(block);
        }
        frames_.erase(frame.value);
    }

    /// The frame holds data.
    [[nodiscard]] Frame& operator[](PhysicalPageNumber frame) { return frames_.at(frame.value); }
    [[nodiscard]] const Frame& operator[](PhysicalPageNumber frame) const {
        return frames_.at(frame.value);
    }
    [[nodiscard]] bool contains(PhysicalPageNumber frame) const {
        return frames_.contains(frame.value);
    }

    [[nodiscard]] auto begin() const { return frames_.begin(); }
    [[nodiscard]] auto end() const { return frames_.end(); }

    /// How many frames of data are in each block that has any, by the block's first frame.
    [[nodiscard]] std::map<PhysicalPageNumber, std::uint64_t> in_blocks() const {
        std::map<PhysicalPageNumber, std::uint64_t> counts;
        for (const auto& [block, count] : in_block_) {
            counts[PhysicalPageNumber{block << block_order_}] = count;
        }
        return counts;
    }

  private:
    unsigned block_order_;
    std::unordered_map<std::uint64_t, Frame> frames_;
    std::unordered_map<std::uint64_t, std::uint64_t> in_block_;
};

}  // namespace mmusim::sw
