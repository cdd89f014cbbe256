// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/frame_allocator.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

namespace mmusim::sw {

FrameAllocator::FrameAllocator(FrameRange range, std::uint64_t data_frame_limit)
    : range_(range),
      data_frame_limit_(data_frame_limit),
      watermarks_(data_frame_limit == 0 ? watermarks_of(range.count) : Watermarks{}),
      blocks_(range) {}

std::optional<PhysicalPageNumber> FrameAllocator::allocate(FrameUse use, unsigned order) {
    const std::uint64_t count = std::uint64_t{1} << order;
    if (fails_on_purpose() || !may_give(use, count)) {
        return std::nullopt;
    }
    const std::optional<PhysicalPageNumber> first = blocks_.take(order);
    if (first) {
        count_taken(use, count);
    }
    return first;
}

void FrameAllocator::release(PhysicalPageNumber frame, FrameUse use) {
    check_in_use(frame, use);
    blocks_.give_back(frame, 0);
    --in_use_by_[use];
    ++released_;
}

std::uint64_t FrameAllocator::take_free_of(PhysicalPageNumber first, unsigned order, FrameUse use) {
    const std::uint64_t taken = blocks_.take_free_of(first, order);
    count_taken(use, taken);
    return taken;
}

void FrameAllocator::change_use(PhysicalPageNumber frame, FrameUse from, FrameUse to) {
    check_in_use(frame, from);
    --in_use_by_[from];
    ++in_use_by_[to];
}

std::uint64_t FrameAllocator::shortage() const {
    const std::uint64_t free = blocks_.free_frames();
    return free < watermarks_.low ? watermarks_.high - free : 0;
}

FrameStatistics FrameAllocator::statistics() const {
    return {.total = range_.count - in_use_by_[FrameUse::others],
            .free = blocks_.free_frames(),
            .page_table = in_use_by_[FrameUse::page_table],
            .anonymous = in_use_by_[FrameUse::anonymous],
            .file = in_use_by_[FrameUse::file]};
}

void FrameAllocator::fail_allocations(std::uint64_t after, std::uint64_t count) {
    tried_ = 0;
    first_failure_ = after;
    failures_ = count;
}

void FrameAllocator::count_taken(FrameUse use, std::uint64_t count) {
    in_use_by_[use] += count;
    allocated_ += use == FrameUse::others ? 0 : count;
}

bool FrameAllocator::fails_on_purpose() {
    const std::uint64_t number = tried_++;
    return number >= first_failure_ && number - first_failure_ < failures_;
}

void FrameAllocator::reset_statistics() {
    allocated_ = 0;
    released_ = 0;
}

bool FrameAllocator::may_give(FrameUse use, std::uint64_t count) const {
    if (use == FrameUse::page_table || use == FrameUse::others) {
        return true;
    }
    if (data_frame_limit_ == 0) {
        return blocks_.free_frames() >= count + watermarks_.minimum;
    }
    const std::uint64_t data_frames = in_use_by_[FrameUse::anonymous] + in_use_by_[FrameUse::file];
    return data_frames + count <= data_frame_limit_;
}

void FrameAllocator::check_in_use(PhysicalPageNumber frame, FrameUse use) const {
    if (in_use_by_[use] == 0) {
        throw ModelError(fmt::format("frame {} released as {}, which it is not", frame, use));
    }
}

}  // namespace mmusim::sw
