// SPDX-License-Identifier: Apache-2.0
// The outputs of shards made one.
#pragma once

#include "tb/sweep/grid.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What the shards gave together.
struct MergedSweep {
    /// In the order of the grid, as one sweep would have written them; none from tables.
    std::vector<std::string> lines{};
    /// The whole table, from tables.
    std::optional<std::string> table{};
    bool any_failed = false;
};

/// Reads the files, all of lines of JSON or all of comma-separated values, in any order. A line of
/// JSON says which point of how many it is; a table does not, so that its grid is needed.
///
/// Throws InputError where a file is neither, where the files are of different sweeps, where a
/// point is missing, there twice or was interrupted.
[[nodiscard]] MergedSweep merge_sweeps(const std::vector<std::string>& paths,
                                       const std::optional<Grid>& grid);

}  // namespace mmusim::tb
