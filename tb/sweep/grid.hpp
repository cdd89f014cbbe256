// SPDX-License-Identifier: Apache-2.0
// The points of a sweep: every combination of what the `-L` options list.
#pragma once

#include "hw/base/problems.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// What one `-L` varies: a key, or several keys that change together.
struct Axis {
    std::vector<std::string> keys;
    /// Each has a value for each key.
    std::vector<std::vector<std::string>> steps;

    bool operator==(const Axis&) const = default;
};

/// The first axis varies slowest. Points are numbered from 0 in that order.
struct Grid {
    std::vector<Axis> axes;

    /// Those of all axes, in their order.
    [[nodiscard]] std::vector<std::string> keys() const;
    [[nodiscard]] std::size_t point_count() const;
    /// The values of the keys at one point.
    [[nodiscard]] std::vector<std::string> values_at(std::size_t point) const;

    bool operator==(const Grid&) const = default;
};

/// Reads `-L` options:
///
///     KEY=LIST                 see listed_values()
///     KEY,KEY=LIST             each value is given to both keys
///     KEY,KEY=A/B,A/B          the first key takes the first of each pair, the second the second
///
/// What is wrong becomes one of `problems`: a text that is none of these, a key or a value of a
/// list that is there twice, more than `most_points` points.
[[nodiscard]] Grid parse_grid(const std::vector<std::string>& options, Problems& problems);

/// One of several sweeps that share the points of a grid, by turns.
struct Shard {
    std::size_t index = 0;
    std::size_t count = 1;

    bool operator==(const Shard&) const = default;
};

/// Reads I/N, with I from 0 to N - 1. Throws InputError.
[[nodiscard]] Shard parse_shard(std::string_view text);

/// The points that are the shard's: I, I + N, I + 2N …
[[nodiscard]] std::vector<std::size_t> points_of(const Shard& shard, std::size_t point_count);

}  // namespace mmusim::tb
