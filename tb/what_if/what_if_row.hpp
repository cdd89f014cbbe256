// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "tb/what_if/ideals.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// The run with one part ideal.
struct WhatIfRow {
    Ideal ideal;
    /// totals.cycles; none where that run did not come to its end.
    std::optional<Cycles> cycles{};
    /// Why not; else empty.
    std::string failure{};
};

/// By how much the ideal run is shorter; below 0 where it is longer, as may be where processes take
/// other turns and other pages leave memory.
[[nodiscard]] constexpr std::int64_t saved_cycles(Cycles base, Cycles ideal) {
    return static_cast<std::int64_t>(base.value) - static_cast<std::int64_t>(ideal.value);
}

}  // namespace mmusim::tb
