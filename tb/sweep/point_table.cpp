// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/point_table.hpp"

#include "tb/report/repeats.hpp"
#include "tb/sweep/csv.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <unordered_map>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view own_line = "a line of this sweep";

[[nodiscard]] std::vector<std::string> names_of_columns(const std::vector<Figure>& figures) {
    std::vector<std::string> names;
    std::transform(figures.begin(), figures.end(), std::back_inserter(names),
                   [](const Figure& figure) { return figure.name; });
    return names;
}

[[nodiscard]] CsvRow row_of(const PointRecord& record, const ColumnOrder& columns) {
    std::unordered_map<std::string, std::string> cells;
    for (const Figure& figure : result_columns(record.result)) {
        cells.emplace(figure.name, figure.number.dump());
    }
    CsvRow row = key_cells(record);
    for (const std::string& name : columns.names()) {
        const auto cell = cells.find(name);
        row.push_back(cell == cells.end() ? std::string() : cell->second);
    }
    row.push_back(record.error.value_or(std::string()));
    return row;
}

}  // namespace

std::vector<Figure> result_columns(const ordered_json& result) {
    if (!result.is_object()) {
        return {};
    }
    const auto repeats = result.find(repeats_name);
    if (repeats == result.end()) {
        return figures_of(result);
    }
    std::vector<Figure> columns;
    for (const auto& [name, spread] : repeats->at("figures").items()) {
        columns.push_back({.name = name + ".mean", .number = spread.at("mean")});
        columns.push_back({.name = name + ".spread", .number = spread.at("spread")});
    }
    return columns;
}

void ColumnOrder::add(const std::vector<Figure>& row) {
    std::vector<std::string> names = names_of_columns(row);
    if (names == last_row_) {
        return;
    }
    auto place = names_.begin();
    for (const std::string& name : names) {
        const auto known = std::find(names_.begin(), names_.end(), name);
        place = std::next(known == names_.end() ? names_.insert(place, name) : known);
    }
    last_row_ = std::move(names);
}

void write_point_table(const std::vector<std::string>& keys, const std::vector<std::string>& lines,
                       const std::function<void(std::string_view)>& write) {
    ColumnOrder columns;
    for (const std::string& line : lines) {
        columns.add(result_columns(record_of(line, own_line).result));
    }
    CsvRow heading = keys;
    heading.insert(heading.end(), columns.names().begin(), columns.names().end());
    heading.emplace_back(error_column);
    write(csv_line(heading));
    for (const std::string& line : lines) {
        write(csv_line(row_of(record_of(line, own_line), columns)));
    }
}

}  // namespace mmusim::tb
