// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"
#include "sw/statistics.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mmusim::sw {

/// What a frame is taken for.
enum class FrameUse : std::uint8_t { page_table, anonymous, file };

[[nodiscard]] constexpr auto enumerator_names(FrameUse) {
    return std::array<std::string_view, 3>{"page_table", "anonymous", "file"};
}

/// Neighbouring frames of physical memory.
struct FrameRange {
    PhysicalPageNumber first;
    std::uint64_t count = 0;
};

/// Gives out the frames of one range, one at a time: the frame released last goes out first, then
/// the lowest that was never out. Frames that were never out take no room on the host.
class FrameAllocator {
  public:
    /// At most `data_frame_limit` frames are out for data at a time, page tables apart; 0: all that
    /// there are.
    FrameAllocator(FrameRange range, std::uint64_t data_frame_limit);

    /// A frame with unknown contents, or none when none may be given out.
    [[nodiscard]] std::optional<PhysicalPageNumber> allocate(FrameUse use);

    /// Takes back a frame that was allocated for `use`.
    void release(PhysicalPageNumber frame, FrameUse use);

    [[nodiscard]] FrameStatistics statistics() const;

  private:
    [[nodiscard]] bool limit_reached(FrameUse use) const;
    [[nodiscard]] std::uint64_t in_use() const;

    FrameRange range_;
    std::uint64_t data_frame_limit_;
    std::uint64_t ever_allocated_ = 0;
    std::vector<PhysicalPageNumber> released_;
    PerEnumerator<FrameUse, std::uint64_t> in_use_by_;
};

}  // namespace mmusim::sw
