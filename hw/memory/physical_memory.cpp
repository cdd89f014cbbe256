// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/physical_memory.hpp"

namespace mmusim::hw {

namespace {

// The bits that `bytes` bytes at `address` have within their word.
struct Lane {
    unsigned shift = 0;
    std::uint64_t mask = 0;
};

Lane lane_of(PhysicalAddress address, unsigned bytes) {
    constexpr unsigned word_bits = 64;
    const auto shift = static_cast<unsigned>(address.value % 8 * 8);
    return {.shift = shift, .mask = ~std::uint64_t{0} >> (word_bits - 8 * bytes)};
}

}  // namespace

bool PhysicalMemory::contains(PhysicalAddress address, std::uint64_t bytes) const {
    if (address < base_) {
        return false;
    }
    const std::uint64_t offset = address.value - base_.value;
    return offset < size_bytes_ && bytes <= size_bytes_ - offset;
}

std::uint64_t PhysicalMemory::read(PhysicalAddress address, unsigned bytes) const {
    const auto frame = frames_.find(page_number_of(address).value);
    if (frame == frames_.end()) {
        return 0;
    }
    const std::uint64_t offset = address.page_offset();
    const std::unique_ptr<Line>& line = frame->second[offset / line_bytes];
    if (!line) {
        return 0;
    }
    const Lane lane = lane_of(address, bytes);
    return (*line)[offset % line_bytes / word_bytes] >> lane.shift & lane.mask;
}

void PhysicalMemory::write(PhysicalAddress address, std::uint64_t value, unsigned bytes) {
    const std::uint64_t offset = address.page_offset();
    std::unique_ptr<Line>& line = frames_[page_number_of(address).value][offset / line_bytes];
    if (!line) {
        line = std::make_unique<Line>();
    }
    const Lane lane = lane_of(address, bytes);
    std::uint64_t& word = (*line)[offset % line_bytes / word_bytes];
    word = (word & ~(lane.mask << lane.shift)) | (value & lane.mask) << lane.shift;
}

void PhysicalMemory::clear_frame(PhysicalPageNumber frame) {
    frames_.erase(frame.value);
}

}  // namespace mmusim::hw
