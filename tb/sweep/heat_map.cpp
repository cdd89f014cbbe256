// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/heat_map.hpp"

#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mmusim::tb {

namespace {

/// How the cells of one level look.
struct Shade {
    std::string_view blocks;  ///< two columns wide
    unsigned colour;          ///< of the 256 of a terminal
};

constexpr std::array<Shade, 5> shades{{{.blocks = "··", .colour = 33},
                                       {.blocks = "░░", .colour = 37},
                                       {.blocks = "▒▒", .colour = 178},
                                       {.blocks = "▓▓", .colour = 208},
                                       {.blocks = "██", .colour = 196}}};

constexpr std::size_t gap_columns = 2;
constexpr std::size_t shade_columns = 2;

struct ValueRange {
    double smallest = 0;
    double largest = 0;
};

[[nodiscard]] std::optional<ValueRange> values_of(const HeatMap& map) {
    std::optional<ValueRange> values;
    for (const std::optional<double>& number : map.numbers) {
        if (number) {
            values = values ? ValueRange{.smallest = std::min(values->smallest, *number),
                                         .largest = std::max(values->largest, *number)}
                            : ValueRange{.smallest = *number, .largest = *number};
        }
    }
    return values;
}

// Steps of equal height from the smallest number to the largest.
[[nodiscard]] const Shade& shade_of(double number, const ValueRange& values) {
    const double height = values.largest - values.smallest;
    if (height <= 0) {
        return shades.front();
    }
    const double level = (number - values.smallest) / height * static_cast<double>(shades.size());
    return shades.at(std::min(static_cast<std::size_t>(level), shades.size() - 1));
}

[[nodiscard]] std::string padded(std::string_view text, std::size_t columns) {
    const std::size_t used = columns_of(text);
    return std::string(columns - std::min(used, columns), ' ').append(text);
}

class HeatMapWriter {
  public:
    HeatMapWriter(const HeatMap& map, const HeatMapPlace& place)
        : map_(map), place_(place), values_(values_of(map).value_or(ValueRange{})) {
        for (const std::string& row : map.rows) {
            row_label_columns_ = std::max(row_label_columns_, columns_of(row));
        }
        for (const std::string& column : map.columns) {
            number_columns_ = std::max(number_columns_, columns_of(column));
        }
        for (const std::optional<double>& number : map.numbers) {
            number_columns_ = std::max(number_columns_, columns_of(number_text(number)));
        }
    }

    [[nodiscard]] std::string text() const {
        std::string lines =
            fmt::format("{}: {} down, {} across\n", map_.figure, map_.row_key, map_.column_key);
        const std::size_t cell = gap_columns + shade_columns + 1 + number_columns_;
        const std::size_t room = place_.columns - std::min(place_.columns, row_label_columns_);
        const std::size_t at_once = std::max<std::size_t>(1, room / cell);
        for (std::size_t first = 0; first < map_.columns.size(); first += at_once) {
            lines += block(first, std::min(map_.columns.size(), first + at_once));
        }
        return lines + legend();
    }

  private:
    [[nodiscard]] static std::string number_text(const std::optional<double>& number) {
        return number ? decimal(*number) : std::string(no_number);
    }

    [[nodiscard]] std::string block(std::size_t first, std::size_t end) const {
        std::string lines = '\n' + padded("", row_label_columns_);
        for (std::size_t column = first; column < end; ++column) {
            lines +=
                padded(map_.columns[column], gap_columns + shade_columns + 1 + number_columns_);
        }
        lines += '\n';
        for (std::size_t row = 0; row < map_.rows.size(); ++row) {
            lines += padded(map_.rows[row], row_label_columns_);
            for (std::size_t column = first; column < end; ++column) {
                lines += cell(map_.numbers.at(row * map_.columns.size() + column));
            }
            lines += '\n';
        }
        return lines;
    }

    [[nodiscard]] std::string cell(const std::optional<double>& number) const {
        const std::string text = padded(number_text(number), number_columns_);
        const std::string gap(gap_columns, ' ');
        if (!number) {
            return gap + padded("", shade_columns) + ' ' + text;
        }
        const Shade& shade = shade_of(*number, values_);
        return place_.colours ? fmt::format("{}\033[38;5;{}m{} {}\033[0m", gap, shade.colour,
                                            shade.blocks, text)
                              : fmt::format("{}{} {}", gap, shade.blocks, text);
    }

    [[nodiscard]] std::string legend() const {
        const std::optional<ValueRange> values = values_of(map_);
        if (values && values->smallest >= values->largest) {
            return fmt::format("\n{} all {}\n", shades.front().blocks, decimal(values->smallest));
        }
        if (values) {
            return fmt::format("\n{} from {}  to  {} {}\n", shades.front().blocks,
                               decimal(values_.smallest), shades.back().blocks,
                               decimal(values_.largest));
        }
        return {};
    }

    const HeatMap& map_;
    const HeatMapPlace& place_;
    ValueRange values_;
    std::size_t row_label_columns_ = 0;
    std::size_t number_columns_ = 0;
};

}  // namespace

std::string heat_map_text(const HeatMap& map, const HeatMapPlace& place) {
    return HeatMapWriter(map, place).text();
}

}  // namespace mmusim::tb
