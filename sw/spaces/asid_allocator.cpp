// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/asid_allocator.hpp"

namespace mmusim::sw {

AsidAllocator::AsidAllocator(unsigned asid_bits) : asid_count_(std::uint32_t{1} << asid_bits) {}

AsidAllocator::Assignment AsidAllocator::assign(const std::optional<AssignedAsid>& held) {
    if (held && current(*held)) {
        return {.assigned = *held};
    }
    const bool rolls_over = exhausted();
    if (rolls_over) {
        ++generation_;
        ever_taken_ = 0;
    }
    return {.assigned = {.asid = take(), .generation = generation_}, .rolled_over = rolls_over};
}

bool AsidAllocator::current(const AssignedAsid& assigned) const {
    return assigned.generation == generation_;
}

void AsidAllocator::release(const AssignedAsid& assigned) {
    released_.push_back(assigned.asid);
}

bool AsidAllocator::exhausted() const {
    return ever_taken_ == asid_count_ && released_.empty();
}

Asid AsidAllocator::take() {
    if (released_.empty()) {
        return {static_cast<std::uint16_t>(ever_taken_++)};
    }
    const Asid asid = released_.back();
    released_.pop_back();
    return asid;
}

}  // namespace mmusim::sw
