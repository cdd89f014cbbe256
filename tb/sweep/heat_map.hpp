// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// One figure over two keys.
struct HeatMap {
    std::string figure;
    std::string row_key;
    std::string column_key;
    std::vector<std::string> rows;
    std::vector<std::string> columns;
    /// Row by row; nothing where a point failed or is not known.
    std::vector<std::optional<double>> numbers;
};

/// What it is shown on.
struct HeatMapPlace {
    std::size_t columns = 100;
    bool colours = false;
};

/// The numbers as text, each with a shade from the smallest to the largest: from light to dark,
/// and from blue to red on a place of colours. Columns that do not fit beside each other follow
/// below.
[[nodiscard]] std::string heat_map_text(const HeatMap& map, const HeatMapPlace& place);

}  // namespace mmusim::tb
