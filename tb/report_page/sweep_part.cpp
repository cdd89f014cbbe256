// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/parts.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr const char* point_list = "/points";

/// A figure that each point is judged by.
struct PointFigure {
    std::string_view name;
    std::string_view pointer;  // in the result of a point
};

constexpr std::array<PointFigure, 4> latency_of_points{{
    {.name = "cycles", .pointer = "/totals/cycles"},
    {.name = "mean latency", .pointer = "/latency_cycles/mean"},
    {.name = "p50", .pointer = "/latency_cycles/p50"},
    {.name = "p99", .pointer = "/latency_cycles/p99"},
}};

constexpr std::array<PointFigure, 3> work_of_points{{
    {.name = "walks", .pointer = "/walker/walks"},
    {.name = "minor faults", .pointer = "/faults/minor"},
    {.name = "major faults", .pointer = "/faults/major"},
}};

[[nodiscard]] Pointer place_of_point(std::size_t point) {
    return Pointer(point_list) / point;
}

/// A column of the table: where its figure stands in a point.
struct PointColumn {
    std::string heading;
    Pointer place;
};

void add_figures(std::vector<PointColumn>& columns, std::span<const PointFigure> figures) {
    for (const PointFigure& figure : figures) {
        columns.push_back({.heading = std::string{figure.name},
                           .place = Pointer("/result" + std::string{figure.pointer})});
    }
}

// The first point that did not fail names the TLBs.
[[nodiscard]] std::vector<std::string> tlbs_of_points(const DocumentView& view) {
    for (std::size_t point = 0; point < view.entries(Pointer(point_list)); ++point) {
        auto names = view.names(place_of_point(point) / "result" / "tlbs");
        if (!names.empty()) {
            return names;
        }
    }
    return {};
}

[[nodiscard]] std::vector<PointColumn> point_columns(const DocumentView& view) {
    std::vector<PointColumn> columns;
    for (const std::string& key : view.names(place_of_point(0) / "keys")) {
        columns.push_back({.heading = key, .place = Pointer("/keys") / key});
    }
    add_figures(columns, latency_of_points);
    for (const std::string& tlb : tlbs_of_points(view)) {
        columns.push_back({.heading = fmt::format("misses of {}", tlb),
                           .place = Pointer("/result/tlbs") / tlb / "misses"});
    }
    add_figures(columns, work_of_points);
    columns.push_back({.heading = "error", .place = Pointer("/error")});
    return columns;
}

[[nodiscard]] std::string point_table(const DocumentView& view) {
    const std::vector<PointColumn> columns = point_columns(view);
    std::vector<Heading> headings{{.text = "point"}};
    for (const PointColumn& column : columns) {
        headings.push_back({.text = column.heading});
    }
    HtmlTable table("What each point of the sweep came to", std::move(headings));
    for (std::size_t point = 0; point < view.entries(Pointer(point_list)); ++point) {
        const Pointer place = place_of_point(point);
        std::vector<Cell> cells;
        cells.reserve(columns.size());
        for (const PointColumn& column : columns) {
            cells.push_back(view.cell(place / column.place));
        }
        table.add_row({.text = view.cell(place / "point").text}, std::move(cells));
    }
    return table.html();
}

// A shard of a sweep, or one that was interrupted.
[[nodiscard]] std::string missing_points_note(const DocumentView& view) {
    const std::size_t here = view.entries(Pointer(point_list));
    const auto all = view.count(place_of_point(0) / "points");
    return all && *all > here
               ? fmt::format("<p class=\"warning\" role=\"note\">{} of {} points are here.</p>\n",
                             here, *all)
               : std::string{};
}

}  // namespace

std::string sweep_part(const DocumentView& view) {
    const std::vector<std::size_t> documents{view.number()};
    return missing_points_note(view) +
           chart_place({.chart = "sweep_heat_map",
                        .title = "Mean cycles per translation, by the two keys",
                        .description = "A field for each pair of values, the darker the more "
                                       "cycles a translation takes. The table below has the "
                                       "figures.",
                        .documents = documents}) +
           chart_place({.chart = "sweep_curve",
                        .title = "Mean cycles per translation, by the last key",
                        .description = "Mean cycles per translation over the values of the last "
                                       "key, a line for each choice of the others.",
                        .documents = documents}) +
           point_table(view);
}

}  // namespace mmusim::tb
