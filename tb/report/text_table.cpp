// SPDX-License-Identifier: Apache-2.0
#include "tb/report/text_table.hpp"

#include "hw/base/problems.hpp"
#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::string_view row_margin = "  ";
constexpr std::string_view column_gap = "  ";

[[nodiscard]] std::string aligned(const std::string& cell, std::size_t width, Alignment alignment) {
    const std::string padding(width - columns_of(cell), ' ');
    return alignment == Alignment::left ? cell + padding : padding + cell;
}

[[nodiscard]] std::vector<std::string> lines_of(std::string_view block) {
    std::vector<std::string> lines;
    while (!block.empty()) {
        const std::size_t end = block.find('\n');
        lines.emplace_back(block.substr(0, end));
        block.remove_prefix(end + 1);
    }
    return lines;
}

[[nodiscard]] std::size_t width_of(const std::vector<std::string>& lines) {
    std::size_t width = 0;
    for (const std::string& line : lines) {
        width = std::max(width, columns_of(line));
    }
    return width;
}

}  // namespace

TextTable::TextTable(std::string title, std::vector<Column> columns, Alignment first_column)
    : alignments_{first_column}, headings_{std::move(title)} {
    for (Column& column : columns) {
        alignments_.push_back(column.alignment);
        headings_.push_back(std::move(column.heading));
    }
}

void TextTable::add_row(std::vector<std::string> cells) {
    if (cells.empty() || cells.size() > headings_.size()) {
        throw ModelError(fmt::format("a row of {} cells in a table of {} columns", cells.size(),
                                     headings_.size()));
    }
    cells.resize(headings_.size());
    cells.front().insert(0, row_margin);
    rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
    const std::vector<std::size_t> column_widths = widths();
    std::string lines = line(headings_, column_widths);
    for (const Row& row : rows_) {
        lines += line(row, column_widths);
    }
    return lines;
}

std::vector<std::size_t> TextTable::widths() const {
    std::vector<std::size_t> result(headings_.size());
    const auto widen = [&](const Row& cells) {
        for (std::size_t column = 0; column < cells.size(); ++column) {
            result[column] = std::max(result[column], columns_of(cells[column]));
        }
    };
    widen(headings_);
    std::for_each(rows_.begin(), rows_.end(), widen);
    return result;
}

std::string TextTable::line(const Row& cells, const std::vector<std::size_t>& widths) const {
    std::string result;
    for (std::size_t column = 0; column < cells.size(); ++column) {
        if (column != 0) {
            result += column_gap;
        }
        result += aligned(cells[column], widths[column], alignments_[column]);
    }
    result.erase(result.find_last_not_of(' ') + 1);
    return result + '\n';
}

std::string side_by_side(std::string_view left, std::string_view right, std::size_t columns) {
    constexpr std::size_t distance = 4;
    if (left.empty() || right.empty()) {
        return std::string{left.empty() ? right : left};
    }
    std::vector<std::string> left_lines = lines_of(left);
    std::vector<std::string> right_lines = lines_of(right);
    const std::size_t left_width = std::max(columns / 2, width_of(left_lines) + distance);
    if (left_width + width_of(right_lines) > columns) {
        return fmt::format("{}\n{}", left, right);
    }
    const std::size_t height = std::max(left_lines.size(), right_lines.size());
    left_lines.resize(height);
    right_lines.resize(height);
    std::string text;
    for (std::size_t line = 0; line < height; ++line) {
        text += right_lines[line].empty()
                    ? left_lines[line]
                    : aligned(left_lines[line], left_width, Alignment::left) + right_lines[line];
        text += '\n';
    }
    return text;
}

}  // namespace mmusim::tb
