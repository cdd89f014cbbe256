// SPDX-License-Identifier: Apache-2.0
// The accesses of one line of a workload script.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "tb/workload/script_command.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mmusim::tb {

/// The size of every access of a script.
inline constexpr std::uint32_t script_access_bytes = 8;

/// `count` accesses, each `step_bytes` above the one before, and all of that `repeat` times.
struct AccessSequence {
    AccessType type = AccessType::read;
    VirtualAddress first;
    std::uint64_t step_bytes = page_bytes;
    std::uint64_t count = 1;
    std::uint64_t repeat = 1;

    constexpr bool operator==(const AccessSequence&) const = default;
};

/// What a line means by the region at `start`, a whole number of pages. A count reaches beyond the
/// region if it is high enough; without one the last access is the last that lies within it.
[[nodiscard]] AccessSequence sequence_of(AccessType type, const RegionAccesses& accesses,
                                         VirtualAddress start, std::uint64_t region_bytes);

/// Makes the accesses of a sequence, some at a time. Addresses wrap at 2^64.
class ScriptAccesses final : public AccessSource {
  public:
    explicit ScriptAccesses(const AccessSequence& sequence);

    [[nodiscard]] std::span<const Access> next_batch() override;

  private:
    static constexpr std::size_t batch_capacity = 1024;

    AccessSequence sequence_;
    std::uint64_t rounds_left_;  ///< the one that has begun too
    std::uint64_t done_ = 0;     ///< accesses of that round
    std::vector<Access> batch_;
};

}  // namespace mmusim::tb
