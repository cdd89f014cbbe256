// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/frame_allocator.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

namespace mmusim::sw {

FrameAllocator::FrameAllocator(FrameRange range, std::uint64_t data_frame_limit)
    : range_(range), data_frame_limit_(data_frame_limit) {}

std::optional<PhysicalPageNumber> FrameAllocator::allocate(FrameUse use) {
    if (limit_reached(use) || in_use() == range_.count) {
        return std::nullopt;
    }
    ++in_use_by_[use];
    if (released_.empty()) {
        return range_.first + ever_allocated_++;
    }
    const PhysicalPageNumber frame = released_.back();
    released_.pop_back();
    return frame;
}

void FrameAllocator::release(PhysicalPageNumber frame, FrameUse use) {
    if (frame < range_.first || range_.first + ever_allocated_ <= frame || in_use_by_[use] == 0) {
        throw ModelError(fmt::format("frame {} released as {}, which it is not", frame, use));
    }
    --in_use_by_[use];
    released_.push_back(frame);
}

FrameStatistics FrameAllocator::statistics() const {
    return {.total = range_.count,
            .free = range_.count - in_use(),
            .page_table = in_use_by_[FrameUse::page_table],
            .anonymous = in_use_by_[FrameUse::anonymous],
            .file = in_use_by_[FrameUse::file]};
}

bool FrameAllocator::limit_reached(FrameUse use) const {
    const std::uint64_t data_frames = in_use_by_[FrameUse::anonymous] + in_use_by_[FrameUse::file];
    return use != FrameUse::page_table && data_frame_limit_ != 0 &&
           data_frames >= data_frame_limit_;
}

std::uint64_t FrameAllocator::in_use() const {
    return ever_allocated_ - released_.size();
}

}  // namespace mmusim::sw
