// SPDX-License-Identifier: Apache-2.0
// The points of a sweep as a table of comma-separated values.
#pragma once

#include "tb/report/figures.hpp"
#include "tb/sweep/point_record.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The name of the last column.
inline constexpr std::string_view error_column = "error";

/// The columns that a result has. Where it was repeated with several seeds, each figure has two:
/// NAME.mean and NAME.spread.
[[nodiscard]] std::vector<Figure> result_columns(const nlohmann::ordered_json& result);

/// Columns in an order that holds the order of every row: a name that earlier rows did not have
/// comes after the one before it in its own row.
class ColumnOrder {
  public:
    void add(const std::vector<Figure>& row);

    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    std::vector<std::string> names_;
    std::vector<std::string> last_row_;
};

/// Writes the heading and a row for each line, which are those of point_record.hpp: `keys`, the
/// columns of all results, `error`. A cell is empty where a point has no such figure.
void write_point_table(const std::vector<std::string>& keys, const std::vector<std::string>& lines,
                       const std::function<void(std::string_view)>& write);

}  // namespace mmusim::tb
