// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/machine.hpp"
#include "sw/parameters.hpp"

#include <optional>

namespace mmusim::sw {

/// Frames full of zeros, for the pages and page tables that a fault makes. Each costs its
/// allocation, also when none is left, and its clearing.
class ClearedFrames {
  public:
    ClearedFrames(const OsParameters& parameters, FrameAllocator& frames, Machine& machine);

    /// A frame of zeros, or none when the allocator has none.
    [[nodiscard]] std::optional<PhysicalPageNumber> take(FrameUse use);

  private:
    Cycles allocation_cycles_;
    Cycles clear_cycles_;
    FrameAllocator& frames_;
    Machine& machine_;
};

}  // namespace mmusim::sw
