// SPDX-License-Identifier: Apache-2.0
#include "sw/frames/obstacles.hpp"

namespace mmusim::sw {

namespace {

// The blocks of 2^order frames that lie in the range, by their first frames, and are all free.
std::vector<PhysicalPageNumber> free_blocks(const FrameAllocator& allocator, unsigned order) {
    const std::uint64_t frames = std::uint64_t{1} << order;
    const FrameRange& range = allocator.range();
    const std::uint64_t end = range.first.value + range.count;
    std::vector<PhysicalPageNumber> blocks;
    for (std::uint64_t block = (range.first.value + frames - 1) / frames * frames;
         block + frames <= end; block += frames) {
        if (allocator.free_frames_of({block}, order) == frames) {
            blocks.push_back({block});
        }
    }
    return blocks;
}

}  // namespace

Obstacles::Obstacles(FrameAllocator& allocator, unsigned order, std::uint64_t percent, bool movable)
    : movable_(movable) {
    if (percent == 0) {
        return;
    }
    std::uint64_t hundredths = 0;
    for (const PhysicalPageNumber block : free_blocks(allocator, order)) {
        hundredths += percent;
        if (hundredths < 100) {
            continue;
        }
        hundredths -= 100;
        const PhysicalPageNumber last = block + ((std::uint64_t{1} << order) - 1);
        allocator.take_free_of(last, 0, FrameUse::others);
        frames_.insert(last);
    }
}

}  // namespace mmusim::sw
