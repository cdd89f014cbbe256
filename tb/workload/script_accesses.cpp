// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_accesses.hpp"

#include <algorithm>

namespace mmusim::tb {

namespace {

/// How many accesses from `offset` on, so far apart, lie within the region.
[[nodiscard]] std::uint64_t count_within(std::uint64_t region_bytes, std::uint64_t offset,
                                         std::uint64_t step_bytes) {
    if (region_bytes < script_access_bytes || offset > region_bytes - script_access_bytes) {
        return 0;
    }
    return (region_bytes - script_access_bytes - offset) / step_bytes + 1;
}

}  // namespace

AccessSequence sequence_of(AccessType type, const RegionAccesses& accesses, VirtualAddress start,
                           std::uint64_t region_bytes) {
    const std::uint64_t offset = accesses.offset.value_or(0);
    AccessSequence sequence{.type = type,
                            .first = start + offset,
                            .step_bytes = accesses.step_bytes.value_or(page_bytes),
                            .repeat = accesses.repeat};
    const bool one_alone = accesses.offset && !accesses.step_bytes;
    const std::uint64_t uncounted =
        one_alone ? 1 : count_within(region_bytes, offset, sequence.step_bytes);
    sequence.count = accesses.count.value_or(uncounted);
    return sequence;
}

ScriptAccesses::ScriptAccesses(const AccessSequence& sequence)
    : sequence_(sequence), rounds_left_(sequence.count == 0 ? 0 : sequence.repeat) {
    batch_.reserve(std::min<std::uint64_t>(sequence.count, batch_capacity));
}

std::span<const Access> ScriptAccesses::next_batch() {
    batch_.clear();
    while (batch_.size() < batch_capacity && rounds_left_ > 0) {
        batch_.push_back({.address = sequence_.first + done_ * sequence_.step_bytes,
                          .size_bytes = script_access_bytes,
                          .type = sequence_.type});
        ++done_;
        if (done_ == sequence_.count) {
            done_ = 0;
            --rounds_left_;
        }
    }
    return batch_;
}

}  // namespace mmusim::tb
