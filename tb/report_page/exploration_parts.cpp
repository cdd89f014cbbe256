// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report_page/figure_tables.hpp"
#include "tb/report_page/meanings.hpp"
#include "tb/report_page/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

// 1 where everything misses, 0 where one in ten thousand does, or fewer.
[[nodiscard]] double tint_of(std::uint64_t misses, std::uint64_t translations) {
    constexpr double decades = 4;
    const double share = static_cast<double>(misses) / static_cast<double>(translations);
    return misses == 0 ? 0 : std::clamp(1 + std::log10(share) / decades, 0.0, 1.0);
}

[[nodiscard]] Cell rate_cell(std::optional<std::uint64_t> misses,
                             std::optional<std::uint64_t> translations) {
    if (!misses || !translations || *translations == 0) {
        return {.text = std::string{no_number}, .kind = CellKind::derived};
    }
    return {.text = per_thousand(*misses, *translations),
            .kind = CellKind::derived,
            .tint = tint_of(*misses, *translations)};
}

/// The misses of one stream by sets and ways.
class ShapeTables {
  public:
    ShapeTables(const DocumentView& view, const Pointer& stream)
        : view_(view),
          stream_(stream),
          rows_(std::min(view.entries(stream / "sets"), view.entries(stream / "misses"))),
          columns_(view.entries(stream / "ways")),
          translations_(view.count(stream / "translations")) {}

    [[nodiscard]] std::string rates() const {
        return table("Misses per 1,000 translations, by sets (down) and ways (across)",
                     [this](const Pointer& misses) {
                         return rate_cell(view_.count(misses), translations_);
                     });
    }

    [[nodiscard]] std::string counts() const {
        return table("Misses, by sets (down) and ways (across)",
                     [this](const Pointer& misses) { return view_.cell(misses); });
    }

  private:
    template <typename CellOf>
    [[nodiscard]] std::string table(std::string caption, const CellOf& cell_of) const {
        std::vector<Heading> headings{{.text = "sets"}};
        for (std::size_t column = 0; column < columns_; ++column) {
            headings.push_back({.text = view_.cell(stream_ / "ways" / column).text});
        }
        HtmlTable shapes(std::move(caption), std::move(headings));
        for (std::size_t row = 0; row < rows_; ++row) {
            std::vector<Cell> cells;
            for (std::size_t column = 0; column < columns_; ++column) {
                cells.push_back(cell_of(stream_ / "misses" / row / column));
            }
            shapes.add_row({.text = view_.cell(stream_ / "sets" / row).text}, std::move(cells));
        }
        return shapes.html();
    }

    const DocumentView& view_;
    Pointer stream_;
    std::size_t rows_;
    std::size_t columns_;
    std::optional<std::uint64_t> translations_;
};

[[nodiscard]] std::string sizes_table(const DocumentView& view, const Pointer& stream) {
    HtmlTable table("Misses of fully associative TLBs",
                    {{.text = "entries"}, {.text = "misses"}, {.text = "per 1,000 translations"}});
    const Pointer list = stream / "fully_associative";
    for (std::size_t index = 0; index < view.entries(list); ++index) {
        const Pointer misses = list / index / 1;
        table.add_row({.text = view.cell(list / index / 0).text},
                      {view.cell(misses),
                       rate_cell(view.count(misses), view.count(stream / "translations"))});
    }
    return table.html();
}

[[nodiscard]] std::string stream_charts(const DocumentView& view, const std::string& stream) {
    const std::vector<std::size_t> documents{view.number()};
    return chart_place({.chart = "tlb_heat_map",
                        .title = "Misses per 1,000 translations, by sets and ways",
                        .description = "A field for each number of sets and of ways, the darker "
                                       "the more translations miss. The table below has the "
                                       "figures.",
                        .documents = documents,
                        .part = stream}) +
           chart_place({.chart = "miss_curves",
                        .title = "Misses per 1,000 translations, by entries and ways",
                        .description = "A line for each number of ways: misses per 1,000 "
                                       "translations over the number of entries.",
                        .documents = documents,
                        .part = stream}) +
           chart_place({.chart = "reuse_distance",
                        .title = "Other pages since the last use of a page",
                        .description = "A bar for each range of reuse distances: how many "
                                       "translations come after so many other pages.",
                        .documents = documents,
                        .part = stream});
}

}  // namespace

std::string explored_part(const DocumentView& view) {
    return figure_table(view, "What was explored",
                        {{.heading = "", .pointer = Pointer("/workload")}}, Meanings());
}

std::string stream_part(const DocumentView& view, const std::string& stream) {
    const Pointer place = Pointer("/streams") / stream;
    if (view.count(place / "translations").value_or(0) == 0) {
        return {};
    }
    const ShapeTables shapes(view, place);
    HtmlTable sizes("The stream",
                    {{.text = "figure"}, {.text = "count"}, {.text = "meaning", .of_words = true}});
    const Meanings meanings = meanings_of<StreamExploration>();
    for (const char* const figure : {"accesses", "translations", "pages"}) {
        sizes.add_row({.text = figure}, {view.cell(place / figure),
                                         {.text = meanings.of(figure), .kind = CellKind::words}});
    }
    return stream_charts(view, stream) + sizes.html() + shapes.rates() +
           folded("The counts behind the rates", shapes.counts()) +
           folded("Fully associative TLBs", sizes_table(view, place)) +
           folded("Reuse distances",
                  histogram_table(
                      view, "Translations by other pages since the last use", "other pages",
                      {{.heading = "translations", .pointer = place / "reuse_distance"}}));
}

}  // namespace mmusim::tb
