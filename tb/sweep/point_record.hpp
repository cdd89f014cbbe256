// SPDX-License-Identifier: Apache-2.0
// What a sweep knows of one point, as a line of JSON: all tables and pictures are made from such
// lines, so that a sweep, its continuation and its merged parts give the same bytes.
#pragma once

#include "tb/sweep/grid.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

inline constexpr std::string_view point_schema = "mmusim-sweep-point";

/// Raised when a name is removed or changes its meaning.
inline constexpr unsigned point_schema_version = 1;

/// The error of a point that was not done because the sweep was ended.
inline constexpr std::string_view interrupted_point = "interrupted";

struct PointRecord {
    std::size_t point = 0;   ///< from 0, in the order of the grid
    std::size_t points = 1;  ///< in the whole grid
    /// Each swept key with its value.
    nlohmann::ordered_json keys = nlohmann::ordered_json::object();
    /// Why there is no result.
    std::optional<std::string> error{};
    /// The sweep was ended before this point was done.
    bool interrupted = false;
    /// What `mmusim run` gives for the same machine and workload, or null.
    nlohmann::ordered_json result = nullptr;
};

/// One line, with its newline. Names that are not UTF-8 are made so.
[[nodiscard]] std::string line_of(const PointRecord& record);

/// Reads a line. `place` begins the message of the InputError that is thrown where it is none.
[[nodiscard]] PointRecord record_of(std::string_view line, std::string_view place);

/// The keys of a point, each with what its value means.
[[nodiscard]] nlohmann::ordered_json keys_at(const Grid& grid, std::size_t point);

/// The values of the keys as cells of a table.
[[nodiscard]] std::vector<std::string> key_cells(const PointRecord& record);

/// The names of the keys.
[[nodiscard]] std::vector<std::string> key_names(const PointRecord& record);

}  // namespace mmusim::tb
