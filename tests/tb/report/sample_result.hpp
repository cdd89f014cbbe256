// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/system/result.hpp"

#include <cstdint>

namespace mmusim::tb {

/// A small run on `default`, made by hand: ten translations whose figures agree with each other.
/// No two of its counts that stand beside each other are equal.
[[nodiscard]] RunResult sample_result();

/// A timeline of so many entries; entry n, from 1 on, is at n thousand accesses, n * n thousand
/// cycles, 3n misses of l1d, 2n of l2, 5n faults and 7n + 1 resident pages.
[[nodiscard]] std::vector<TimelineEntry> sample_timeline(std::uint64_t entries);

/// The same, of programs that touch 48 pages where 32 frames are, and wait for storage three
/// quarters of the time.
[[nodiscard]] std::vector<TimelineEntry> pressed_timeline(std::uint64_t entries);

}  // namespace mmusim::tb
