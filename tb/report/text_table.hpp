// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

enum class Alignment : std::uint8_t { left, right };

/// A table in plain text. The heading of the first column is the table's title, and its cells are
/// indented beneath it. No line ends in a space.
class TextTable {
  public:
    struct Column {
        std::string heading;
        Alignment alignment = Alignment::right;
    };

    /// `columns` are those after the first.
    TextTable(std::string title, std::vector<Column> columns,
              Alignment first_column = Alignment::left);

    /// Cells beyond those given are empty. Throws ModelError where there are more than columns.
    void add_row(std::vector<std::string> cells);

    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// A line for the headings and one for each row, each with its newline.
    [[nodiscard]] std::string text() const;

  private:
    using Row = std::vector<std::string>;

    [[nodiscard]] std::vector<std::size_t> widths() const;
    [[nodiscard]] std::string line(const Row& cells, const std::vector<std::size_t>& widths) const;

    std::vector<Alignment> alignments_;
    Row headings_;
    std::vector<Row> rows_;
};

/// Two blocks of whole lines beside each other, the right one from the middle of `columns` on or as
/// far beyond as the left one needs; one above the other where they do not fit. Either may be
/// empty.
[[nodiscard]] std::string side_by_side(std::string_view left, std::string_view right,
                                       std::size_t columns);

}  // namespace mmusim::tb
