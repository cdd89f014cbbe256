// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/sweep_summary.hpp"

#include "hw/base/problems.hpp"
#include "tb/report/figures.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/repeats.hpp"
#include "tb/report/text_table.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;
using Numbers = std::vector<std::pair<std::string, double>>;

/// What is shown of one point.
struct ShownPoint {
    std::vector<std::string> values;
    Numbers numbers{};
    bool failed = false;
    bool interrupted = false;
};

// Of several seeds the means, under the names of the figures.
[[nodiscard]] Numbers numbers_of(const ordered_json& result) {
    Numbers numbers;
    if (!result.is_object()) {
        return numbers;
    }
    if (const auto repeats = result.find(repeats_name); repeats != result.end()) {
        for (const auto& [name, spread] : repeats->at("figures").items()) {
            numbers.emplace_back(name, spread.at("mean").get<double>());
        }
        return numbers;
    }
    for (const Figure& figure : figures_of(result)) {
        numbers.emplace_back(figure.name, figure.number.get<double>());
    }
    return numbers;
}

[[nodiscard]] std::optional<double> number_named(const Numbers& numbers, std::string_view name) {
    const auto found = std::find_if(numbers.begin(), numbers.end(),
                                    [name](const auto& each) { return each.first == name; });
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

[[nodiscard]] bool is_always_shown(std::string_view name) {
    return name.starts_with("derived.") || name == "latency_cycles.mean";
}

// Only what may be shown is kept: the numbers of all points are many.
[[nodiscard]] ShownPoint shown_point(const PointRecord& record, const std::string& figure) {
    ShownPoint point{.values = key_cells(record),
                     .failed = record.error.has_value(),
                     .interrupted = record.interrupted};
    for (const auto& number : numbers_of(record.result)) {
        if (number.first == figure || is_always_shown(number.first)) {
            point.numbers.push_back(number);
        }
    }
    return point;
}

// In the order in which they first come.
[[nodiscard]] std::vector<std::string> distinct_values(const std::vector<ShownPoint>& points,
                                                       std::size_t key) {
    std::vector<std::string> values;
    for (const ShownPoint& point : points) {
        if (std::find(values.begin(), values.end(), point.values.at(key)) == values.end()) {
            values.push_back(point.values[key]);
        }
    }
    return values;
}

// Two keys of which every combination is there.
[[nodiscard]] std::optional<HeatMap> heat_map_of(const std::vector<std::string>& keys,
                                                 const std::vector<ShownPoint>& points,
                                                 const std::string& figure) {
    if (keys.size() != 2) {
        return std::nullopt;
    }
    HeatMap map{.figure = figure,
                .row_key = keys[0],
                .column_key = keys[1],
                .rows = distinct_values(points, 0),
                .columns = distinct_values(points, 1),
                .numbers = {}};
    if (map.rows.size() * map.columns.size() != points.size()) {
        return std::nullopt;
    }
    for (const ShownPoint& point : points) {
        map.numbers.push_back(number_named(point.numbers, figure));
    }
    return map;
}

constexpr std::string_view misses_prefix = "derived.misses_per_1000_accesses.";

// Whole names would make the table too wide; `rates_note` says what the short ones are of.
[[nodiscard]] std::string heading_of(const std::string& figure) {
    if (figure.starts_with(misses_prefix)) {
        return figure.substr(misses_prefix.size()) + " misses";
    }
    if (figure == "derived.walks_per_1000_accesses") {
        return "walks";
    }
    if (figure == default_shown_figure) {
        return "cycles/translation";
    }
    return figure == "latency_cycles.mean" ? "mean latency" : figure;
}

constexpr std::string_view rates_note = "\nmisses and walks are for 1,000 accesses\n";

[[nodiscard]] std::string table_text(const std::vector<std::string>& keys,
                                     const std::vector<ShownPoint>& points,
                                     const std::string& figure) {
    std::vector<std::string> figures{figure};
    for (const ShownPoint& point : points) {
        for (const auto& [name, number] : point.numbers) {
            if (std::find(figures.begin(), figures.end(), name) == figures.end()) {
                figures.push_back(name);
            }
        }
    }
    std::vector<TextTable::Column> columns;
    for (std::size_t key = 1; key < keys.size(); ++key) {
        columns.push_back({keys[key]});
    }
    std::transform(figures.begin(), figures.end(), std::back_inserter(columns),
                   [](const std::string& name) { return TextTable::Column{heading_of(name)}; });
    columns.push_back({"", Alignment::left});
    TextTable table(keys.front(), columns);
    for (const ShownPoint& point : points) {
        std::vector<std::string> row = point.values;
        for (const std::string& name : figures) {
            const auto number = number_named(point.numbers, name);
            row.push_back(number ? decimal(*number) : std::string(no_number));
        }
        row.emplace_back(point.interrupted ? "interrupted" : point.failed ? "failed" : "");
        table.add_row(std::move(row));
    }
    return table.text().append(rates_note);
}

[[nodiscard]] std::string title_of(const std::vector<ShownPoint>& points, std::size_t in_grid) {
    const auto count = [&points](const auto& holds) {
        return static_cast<std::size_t>(std::count_if(points.begin(), points.end(), holds));
    };
    const std::size_t interrupted =
        count([](const ShownPoint& point) { return point.interrupted; });
    const std::size_t failed =
        count([](const ShownPoint& point) { return point.failed && !point.interrupted; });
    std::string title = counted(points.size(), "point");
    if (in_grid != points.size()) {
        title += fmt::format(" of {}", grouped(in_grid));
    }
    if (failed != 0) {
        title += fmt::format(", {} failed", grouped(failed));
    }
    if (interrupted != 0) {
        title += fmt::format(", INTERRUPTED before {} were done", grouped(interrupted));
    }
    return title + '\n';
}

[[nodiscard]] PointRecord own_record(const std::string& line) {
    return record_of(line, "a line of this sweep");
}

// As the first result has it.
[[nodiscard]] std::string figure_of_all(const std::vector<std::string>& lines,
                                        std::string_view wanted) {
    for (const std::string& line : lines) {
        if (const PointRecord record = own_record(line); !record.error) {
            return shown_figure(wanted, record.result);
        }
    }
    return std::string(wanted);
}

}  // namespace

std::string shown_figure(std::string_view wanted, const ordered_json& result) {
    const Numbers numbers = numbers_of(result);
    std::vector<std::string> names;
    std::transform(numbers.begin(), numbers.end(), std::back_inserter(names),
                   [](const auto& number) { return number.first; });
    const std::vector<std::string> meant = figures_meant(wanted, names);
    if (meant.size() == 1) {
        return meant.front();
    }
    if (!meant.empty()) {
        throw InputError(fmt::format("--show {}: is the end of several, expected one of {}", wanted,
                                     fmt::join(meant, ", ")));
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto nearest = nearest_name(wanted, views);
    throw InputError(
        fmt::format("--show {}: no such figure{}", wanted,
                    nearest ? fmt::format("; the nearest is {}", *nearest) : std::string()));
}

std::string sweep_summary(const std::vector<std::string>& lines, std::string_view wanted,
                          const HeatMapPlace& place) {
    if (lines.empty()) {
        return "0 points\n";
    }
    const std::string figure = figure_of_all(lines, wanted);
    std::vector<ShownPoint> points;
    std::transform(
        lines.begin(), lines.end(), std::back_inserter(points),
        [&figure](const std::string& line) { return shown_point(own_record(line), figure); });
    const PointRecord first = own_record(lines.front());
    const std::vector<std::string> keys = key_names(first);
    const auto map = heat_map_of(keys, points, figure);
    return title_of(points, first.points) + '\n' +
           (map ? heat_map_text(*map, place) : table_text(keys, points, figure));
}

}  // namespace mmusim::tb
