// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/latency.hpp"

#include <cstdint>
#include <initializer_list>
#include <utility>

namespace mmusim::tests {

using LatencyStages = PerEnumerator<Stage, Cycles>;

/// The stages of a latency record that holds these and nothing else.
[[nodiscard]] inline LatencyStages only(
    std::initializer_list<std::pair<Stage, std::uint64_t>> spent) {
    LatencyStages stages;
    for (const auto& [stage, cycles] : spent) {
        stages[stage] += Cycles{cycles};
    }
    return stages;
}

}  // namespace mmusim::tests
