// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/cleared_frames.hpp"

namespace mmusim::sw {

ClearedFrames::ClearedFrames(const OsParameters& parameters, FrameAllocator& frames,
                             Machine& machine)
    : allocation_cycles_(parameters.frame_allocation_cycles),
      clear_cycles_(parameters.frame_clear_cycles),
      frames_(frames),
      machine_(machine) {}

std::optional<PhysicalPageNumber> ClearedFrames::take(FrameUse use) {
    machine_.spend(Stage::fault_allocate, allocation_cycles_);
    const std::optional<PhysicalPageNumber> frame = frames_.allocate(use);
    if (frame) {
        machine_.spend(Stage::fault_clear, clear_cycles_);
        machine_.clear_frame(*frame);
    }
    return frame;
}

}  // namespace mmusim::sw
