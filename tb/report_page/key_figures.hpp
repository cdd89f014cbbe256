// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace mmusim::tb {

/// A figure of a result that is looked for first.
struct KeyFigure {
    std::string_view name;
    std::string_view pointer;
};

inline constexpr std::array<KeyFigure, 12> key_figures{{
    {.name = "accesses", .pointer = "/totals/accesses"},
    {.name = "translations", .pointer = "/totals/translations"},
    {.name = "cycles", .pointer = "/totals/cycles"},
    {.name = "cycles per translation, mean", .pointer = "/latency_cycles/mean"},
    {.name = "half took at most", .pointer = "/latency_cycles/p50"},
    {.name = "99 % took at most", .pointer = "/latency_cycles/p99"},
    {.name = "the longest took", .pointer = "/latency_cycles/max"},
    {.name = "page walks", .pointer = "/walker/walks"},
    {.name = "page-table reads", .pointer = "/walker/pte_reads"},
    {.name = "minor faults", .pointer = "/faults/minor"},
    {.name = "major faults", .pointer = "/faults/major"},
    {.name = "invalid faults", .pointer = "/faults/invalid"},
}};

}  // namespace mmusim::tb
