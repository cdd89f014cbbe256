// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/csv.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string cell_text(std::string_view cell) {
    const bool needs_quotes = cell.find_first_of(",\"") != std::string_view::npos;
    std::string text;
    for (const char letter : cell) {
        if (letter == '"') {
            text += '"';
        }
        text += letter == '\n' || letter == '\r' ? ' ' : letter;
    }
    return needs_quotes ? '"' + text + '"' : text;
}

}  // namespace

std::string csv_line(const CsvRow& cells) {
    std::string line;
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        line.append(cell == 0 ? "" : ",").append(cell_text(cells[cell]));
    }
    return line + '\n';
}

std::vector<CsvRow> parse_csv(std::string_view text, std::string_view name) {
    std::vector<CsvRow> rows;
    CsvRow row;
    std::string cell;
    bool in_quotes = false;
    for (std::size_t position = 0; position < text.size(); ++position) {
        const char letter = text[position];
        const bool doubled = letter == '"' && text.substr(position + 1).starts_with('"');
        if (in_quotes && doubled) {
            cell += letter;
            ++position;
        } else if (letter == '"') {
            in_quotes = !in_quotes;
        } else if (in_quotes || (letter != ',' && letter != '\n')) {
            cell += letter;
        } else {
            row.push_back(std::exchange(cell, {}));
            if (letter == '\n') {
                rows.push_back(std::exchange(row, {}));
            }
        }
    }
    if (in_quotes || !row.empty() || !cell.empty()) {
        throw InputError(fmt::format("{}:{}: the last row has no end, expected a whole table", name,
                                     rows.size() + 1));
    }
    return rows;
}

}  // namespace mmusim::tb
