// SPDX-License-Identifier: Apache-2.0
// The elements that the page is built of. What goes in is plain text; what comes out is HTML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The text, so that no character of it is taken for markup, also within quotes.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// Where a figure stands: in which document of the page, and there at which JSON pointer.
struct FigurePlace {
    std::size_t document = 0;
    std::string pointer;
};

/// What a cell holds.
enum class CellKind : std::uint8_t {
    number,   ///< of a document
    words,    ///< of a document
    derived,  ///< computed from the figures beside it
};

struct Cell {
    std::string text;
    CellKind kind = CellKind::number;
    std::optional<FigurePlace> place{};
    /// A bar behind the text fills so much of the cell, from 0 to 1.
    std::optional<double> bar{};
    /// The cell is tinted so much, from 0 to 1.
    std::optional<double> tint{};
};

/// The name of a row or a column.
struct Heading {
    std::string text;
    std::string explanation{};  ///< shown when pointed at
    bool of_words = false;      ///< a column that has words and no numbers
};

class HtmlTable {
  public:
    /// The first heading names the column of row headings. The caption says what the table shows.
    HtmlTable(std::string caption, std::vector<Heading> headings);

    /// Cells beyond those given are empty. Throws ModelError where there are more than columns.
    void add_row(const Heading& heading, std::vector<Cell> cells);
    /// The rows from here on belong together.
    void add_group(std::string_view heading);

    [[nodiscard]] bool empty() const { return rows_ == 0; }
    /// Nothing for a table without rows.
    [[nodiscard]] std::string html() const;

  private:
    std::string caption_;
    std::vector<Heading> headings_;
    std::string body_;
    std::size_t rows_ = 0;
};

/// What is shown only when it is opened; nothing where there is no content.
[[nodiscard]] std::string folded(std::string_view summary, const std::string& content);

[[nodiscard]] std::string paragraph(std::string_view text);

/// A place for a chart, unseen until the page's script draws it there.
struct ChartPlace {
    std::string_view chart;  ///< the name of its file in charts/
    std::string_view title;
    std::string description;             ///< what is seen there, for who does not see it
    std::vector<std::size_t> documents;  ///< whose figures it shows
    std::string_view part{};             ///< of the document, where it shows only one
};

[[nodiscard]] std::string chart_place(const ChartPlace& place);

}  // namespace mmusim::tb
