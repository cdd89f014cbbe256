// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/figure_tables.hpp"

#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

/// A figure that has a row, and where each column has it.
struct FigureRow {
    std::string key;
    std::vector<std::optional<Pointer>> places;
    bool all_null = true;
};

[[nodiscard]] FigureRow& row_of(std::vector<FigureRow>& rows, const std::string& key,
                                std::size_t columns) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const FigureRow& row) { return row.key == key; });
    if (found != rows.end()) {
        return *found;
    }
    return rows.emplace_back(
        FigureRow{.key = key, .places = std::vector<std::optional<Pointer>>(columns)});
}

[[nodiscard]] std::vector<FigureRow> figure_rows(const DocumentView& view,
                                                 const std::vector<FigureColumn>& columns) {
    std::vector<FigureRow> rows;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const Pointer& pointer = columns[column].pointer;
        const ordered_json* const value = view.find(pointer);
        if (value == nullptr) {
            continue;
        }
        for (const Leaf& leaf : leaves_of(*value, pointer)) {
            FigureRow& row = row_of(rows, leaf.key, columns.size());
            row.places[column] = leaf.pointer;
            row.all_null = row.all_null && leaf.value->is_null();
        }
    }
    rows.erase(
        std::remove_if(rows.begin(), rows.end(), [](const FigureRow& row) { return row.all_null; }),
        rows.end());
    return rows;
}

[[nodiscard]] Cell cell_at(const DocumentView& view, const std::optional<Pointer>& place) {
    return place ? view.cell(*place) : Cell{.text = std::string{no_number}};
}

[[nodiscard]] std::vector<Heading> headings_over(const std::string& first,
                                                 const std::vector<FigureColumn>& columns) {
    std::vector<Heading> headings{{.text = first}};
    for (const FigureColumn& column : columns) {
        headings.push_back({.text = column.heading});
    }
    return headings;
}

// The names of the figures that the entries of a list have themselves, in order of appearance.
[[nodiscard]] std::vector<std::string> own_figures(const ordered_json& list) {
    std::vector<std::string> names;
    for (const ordered_json& entry : list) {
        for (const auto& member : entry.items()) {
            if (!member.value().is_structured() &&
                std::find(names.begin(), names.end(), member.key()) == names.end()) {
                names.push_back(member.key());
            }
        }
    }
    return names;
}

using CountRange = std::pair<std::uint64_t, std::uint64_t>;

// Where each range of each histogram has its count.
[[nodiscard]] std::map<CountRange, std::vector<std::optional<Pointer>>> counts_by_range(
    const DocumentView& view, const std::vector<FigureColumn>& columns) {
    std::map<CountRange, std::vector<std::optional<Pointer>>> counts;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const Pointer& list = columns[column].pointer;
        for (std::size_t index = 0; index < view.entries(list); ++index) {
            const auto low = view.count(list / index / 0);
            const auto high = view.count(list / index / 1);
            if (low && high) {
                auto& places = counts[{*low, *high}];
                places.resize(columns.size());
                places[column] = list / index / 2;
            }
        }
    }
    return counts;
}

}  // namespace

void add_figure_rows(HtmlTable& table, const DocumentView& view,
                     const std::vector<FigureColumn>& columns, const Meanings& meanings) {
    for (const FigureRow& row : figure_rows(view, columns)) {
        std::vector<Cell> cells;
        for (const auto& place : row.places) {
            cells.push_back(cell_at(view, place));
        }
        table.add_row({.text = row.key, .explanation = meanings.of(row.key)}, std::move(cells));
    }
}

std::string figure_table(const DocumentView& view, const std::string& caption,
                         const std::vector<FigureColumn>& columns, const Meanings& meanings) {
    std::vector<Heading> headings = headings_over("figure", columns);
    if (columns.size() > 1 || meanings.empty()) {
        HtmlTable table(caption, std::move(headings));
        add_figure_rows(table, view, columns, meanings);
        return table.html();
    }
    headings.push_back({.text = "meaning", .of_words = true});
    HtmlTable table(caption, std::move(headings));
    for (const FigureRow& row : figure_rows(view, columns)) {
        table.add_row({.text = row.key}, {cell_at(view, row.places.front()),
                                          {.text = meanings.of(row.key), .kind = CellKind::words}});
    }
    return table.html();
}

std::string list_table(const DocumentView& view, const std::string& caption, const Pointer& list,
                       const Meanings& meanings) {
    const ordered_json* const entries = view.find(list);
    if (entries == nullptr || !entries->is_array()) {
        return {};
    }
    const std::vector<std::string> names = own_figures(*entries);
    if (names.empty()) {
        return {};
    }
    std::vector<Heading> headings;
    headings.reserve(names.size());
    for (const std::string& name : names) {
        headings.push_back({.text = name, .explanation = meanings.of(name)});
    }
    HtmlTable table(caption, std::move(headings));
    for (std::size_t index = 0; index < entries->size(); ++index) {
        std::vector<Cell> cells;
        std::for_each(names.begin() + 1, names.end(), [&](const std::string& name) {
            cells.push_back(view.cell(list / index / name));
        });
        table.add_row({.text = view.cell(list / index / names.front()).text}, std::move(cells));
    }
    return table.html();
}

std::string histogram_table(const DocumentView& view, const std::string& caption,
                            const std::string& unit, const std::vector<FigureColumn>& columns) {
    HtmlTable table(caption, headings_over(unit, columns));
    for (const auto& [range, places] : counts_by_range(view, columns)) {
        std::vector<Cell> cells;
        for (const auto& place : places) {
            cells.push_back(cell_at(view, place));
        }
        const std::string low = grouped(range.first);
        table.add_row({.text = range.first == range.second
                                   ? low
                                   : fmt::format("{} – {}", low, grouped(range.second))},
                      std::move(cells));
    }
    return table.html();
}

}  // namespace mmusim::tb
