// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report_page/report_document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests {

/// A cell of a table of a page, or one of its key figures, as a reader of the HTML finds it.
struct PageFigure {
    std::string classes;
    std::string document;  ///< its number; empty where the cell names none
    std::string pointer;
    std::string text;
};

/// All of them, in their order.
[[nodiscard]] std::vector<PageFigure> figures_of(std::string_view page);

/// What is wrong with the figures of a page: a number that is not what stands in the document where
/// it says, or a number that says neither where it stands nor that it is derived.
[[nodiscard]] std::vector<std::string> wrong_figures(
    std::string_view page, const std::vector<nlohmann::ordered_json>& documents);

/// The texts of the cells of the first row with this heading; none where there is no such row.
[[nodiscard]] std::vector<std::string> row_of(std::string_view page, std::string_view heading);

}  // namespace mmusim::tests
