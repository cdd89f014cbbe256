// SPDX-License-Identifier: Apache-2.0
// Tables of whatever figures a part of a document has, so that a figure that is new in a document
// is in its page too.
#pragma once

#include "tb/report_page/document_view.hpp"
#include "tb/report_page/html.hpp"
#include "tb/report_page/meanings.hpp"

#include <string>
#include <vector>

namespace mmusim::tb {

/// A column of figures, all below one pointer.
struct FigureColumn {
    std::string heading;
    Pointer pointer;
};

/// The figures of each column, a row for each name that any of them has. Names whose figures are
/// all null are left out.
void add_figure_rows(HtmlTable& table, const DocumentView& view,
                     const std::vector<FigureColumn>& columns, const Meanings& meanings);

/// The same as a table of its own: with the meaning beside each figure if there is one
/// column.
[[nodiscard]] std::string figure_table(const DocumentView& view, const std::string& caption,
                                       const std::vector<FigureColumn>& columns,
                                       const Meanings& meanings);

/// A list of objects: a row for each, a column for each figure that any of them has itself. The
/// first figure names the row.
[[nodiscard]] std::string list_table(const DocumentView& view, const std::string& caption,
                                     const Pointer& list, const Meanings& meanings);

/// Lists of [low, high, count]: a row for each range, a column for each list.
[[nodiscard]] std::string histogram_table(const DocumentView& view, const std::string& caption,
                                          const std::string& unit,
                                          const std::vector<FigureColumn>& columns);

}  // namespace mmusim::tb
