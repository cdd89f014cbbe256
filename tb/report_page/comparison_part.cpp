// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"
#include "tb/report_page/comparison.hpp"
#include "tb/report_page/key_figures.hpp"
#include "tb/report_page/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::array<const char*, 11> compared_groups{
    "totals", "latency_cycles", "breakdown_cycles", "classes", "tlbs",   "walker",
    "memory", "caches",         "faults",           "os",      "storage"};

[[nodiscard]] std::vector<Heading> change_headings(const std::vector<DocumentView>& views) {
    std::vector<Heading> headings{{.text = "figure"}, {.text = label_of(views.front())}};
    for (std::size_t other = 1; other < views.size(); ++other) {
        headings.push_back({.text = label_of(views[other])});
        headings.push_back(
            {.text = "change",
             .explanation = fmt::format("less that of {}", label_of(views.front()))});
        headings.push_back(
            {.text = "in %",
             .explanation = fmt::format("change divided by that of {}", label_of(views.front()))});
    }
    return headings;
}

[[nodiscard]] Cell cell_of(const DocumentView& view, const std::optional<Pointer>& place) {
    return place ? view.cell(*place) : Cell{.text = std::string{no_number}};
}

// A figure of the first document, then each other's with its change.
[[nodiscard]] std::vector<Cell> change_cells(const std::vector<DocumentView>& views,
                                             const std::vector<std::optional<Pointer>>& places) {
    const auto value_in = [&](std::size_t document) {
        const auto& place = places[document];
        return place ? views[document].find(*place) : nullptr;
    };
    std::vector<Cell> cells{cell_of(views.front(), places.front())};
    for (std::size_t other = 1; other < views.size(); ++other) {
        cells.push_back(cell_of(views[other], places[other]));
        cells.push_back(
            {.text = change_text(value_in(0), value_in(other)), .kind = CellKind::derived});
        cells.push_back({.text = relative_change_text(value_in(0), value_in(other)),
                         .kind = CellKind::derived});
    }
    return cells;
}

[[nodiscard]] std::string key_figure_table(const std::vector<DocumentView>& views) {
    HtmlTable table("The key figures beside each other", change_headings(views));
    for (const KeyFigure& figure : key_figures) {
        const Pointer pointer{std::string{figure.pointer}};
        table.add_row(
            {.text = std::string{figure.name}},
            change_cells(views, std::vector<std::optional<Pointer>>(views.size(), pointer)));
    }
    return table.html();
}

void add_changed_rows(HtmlTable& table, const std::vector<DocumentView>& views,
                      const std::string& heading, const Pointer& group) {
    std::vector<ComparedFigure> figures = compared(views, group);
    figures.erase(std::remove_if(figures.begin(), figures.end(),
                                 [](const ComparedFigure& figure) { return figure.same; }),
                  figures.end());
    if (!figures.empty()) {
        table.add_group(heading);
    }
    for (const ComparedFigure& figure : figures) {
        table.add_row({.text = figure.key}, change_cells(views, figure.places));
    }
}

[[nodiscard]] std::size_t most_processes(const std::vector<DocumentView>& views) {
    std::size_t most = 0;
    for (const DocumentView& view : views) {
        most = std::max(most, view.entries(Pointer("/processes")));
    }
    return most;
}

[[nodiscard]] std::string changed_figures(const std::vector<DocumentView>& views) {
    HtmlTable table("The figures that differ; those that are the same in all are left out",
                    change_headings(views));
    for (const char* const group : compared_groups) {
        add_changed_rows(table, views, group, Pointer() / group);
    }
    for (std::size_t process = 0; process < most_processes(views); ++process) {
        add_changed_rows(table, views, fmt::format("processes[{}]", process),
                         Pointer("/processes") / process);
    }
    return table.empty() ? paragraph("Their figures are all the same.") : table.html();
}

[[nodiscard]] std::string changed_parameters(const std::vector<DocumentView>& views) {
    std::vector<Heading> headings{{.text = "key"}};
    for (const DocumentView& view : views) {
        headings.push_back({.text = label_of(view)});
    }
    HtmlTable table("The parameters of the machine, and what ran, where they differ",
                    std::move(headings));
    for (const char* const group : {"config", "workload"}) {
        for (const ComparedFigure& parameter : compared(views, Pointer() / group)) {
            if (parameter.same) {
                continue;
            }
            std::vector<Cell> cells;
            for (std::size_t document = 0; document < views.size(); ++document) {
                cells.push_back(cell_of(views[document], parameter.places[document]));
            }
            table.add_row({.text = parameter.key}, std::move(cells));
        }
    }
    return table.empty() ? paragraph("Machine and workload are the same.") : table.html();
}

[[nodiscard]] std::string comparison_charts(const std::vector<DocumentView>& views) {
    std::vector<std::size_t> documents;
    documents.reserve(views.size());
    for (const DocumentView& view : views) {
        documents.push_back(view.number());
    }
    return stage_charts(documents) +
           chart_place({.chart = "latency_by_run",
                        .title = "How many of the translations of each run took more than so many "
                                 "cycles",
                        .description = "A line for each run that falls from left to right: the "
                                       "share of its translations that took more than so many "
                                       "cycles.",
                        .documents = documents});
}

}  // namespace

std::string comparison_part(const std::vector<DocumentView>& results) {
    if (results.size() < 2) {
        return {};
    }
    return key_figure_table(results) + comparison_charts(results) + changed_parameters(results) +
           folded("All figures that differ", changed_figures(results));
}

}  // namespace mmusim::tb
