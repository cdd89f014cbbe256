// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/figure_tables.hpp"
#include "tb/report_page/meanings.hpp"
#include "tb/report_page/parts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::array<const char*, 6> latency_figures{"mean", "p50", "p90", "p99", "p999", "max"};

[[nodiscard]] std::vector<Heading> class_headings() {
    return {{.text = "class", .explanation = "what answered the translation in the end"},
            {.text = "translations"},
            {.text = "share", .explanation = "of all translations"},
            {.text = "cycles"},
            {.text = "share", .explanation = "of all cycles"},
            {.text = "mean", .explanation = "cycles per translation"},
            {.text = "p50", .explanation = "half of the translations took at most so many cycles"},
            {.text = "p90", .explanation = "nine in ten took at most so many cycles"},
            {.text = "p99", .explanation = "99 in 100 took at most so many cycles"},
            {.text = "p999", .explanation = "999 in 1,000 took at most so many cycles"},
            {.text = "max", .explanation = "the longest took so many cycles"}};
}

[[nodiscard]] std::string class_table(const DocumentView& view) {
    const Pointer classes("/classes");
    HtmlTable table("Translations by what answered them", class_headings());
    for (const std::string& name : view.names(classes)) {
        const Pointer one = classes / name;
        std::vector<Cell> cells{
            view.cell(one / "count"),
            share_cell(view.count(one / "count"), view.count(Pointer("/totals/translations"))),
            view.cell(one / "cycles"),
            share_cell(view.count(one / "cycles"), view.count(Pointer("/breakdown_cycles/total")))};
        for (const char* const figure : latency_figures) {
            cells.push_back(view.cell(one / figure));
        }
        table.add_row({.text = name}, std::move(cells));
    }
    return table.html();
}

[[nodiscard]] std::string class_histograms(const DocumentView& view) {
    std::vector<FigureColumn> columns{
        {.heading = "all", .pointer = Pointer("/latency_cycles/histogram")}};
    for (const std::string& name : view.names(Pointer("/classes"))) {
        columns.push_back({.heading = name, .pointer = Pointer("/classes") / name / "histogram"});
    }
    return histogram_table(view, "Translations by how many cycles they took", "cycles", columns);
}

}  // namespace

std::string latency_part(const DocumentView& view) {
    return chart_place({.chart = "latency_by_class",
                        .title = "How many of the translations of each class took at most so many "
                                 "cycles",
                        .description = "Lines that rise from 0 to 100 %: the share of the "
                                       "translations of each class that took at most so many "
                                       "cycles. The table below has the percentiles.",
                        .documents = {view.number()}}) +
           class_table(view) + folded("The counts behind the curves", class_histograms(view));
}

std::string stage_charts(const std::vector<std::size_t>& documents) {
    constexpr const char* description =
        "Stacked bars: the cycles of an average translation in each stage.";
    return chart_place({.chart = "cycles_by_stage",
                        .title = "Cycles per translation: lookups, walks and the access itself",
                        .description = description,
                        .documents = documents,
                        .part = "translation"}) +
           chart_place({.chart = "cycles_by_stage",
                        .title = "Cycles per translation: page faults",
                        .description = description,
                        .documents = documents,
                        .part = "faults"});
}

std::string stages_part(const DocumentView& view) {
    const Pointer stages("/breakdown_cycles");
    const Meanings meanings = meanings_of_stages();
    const auto total = view.count(stages / "total");
    const auto translations = view.count(Pointer("/totals/translations"));
    HtmlTable table("Cycles of all translations by stage; stages without a cycle are left out",
                    {{.text = "stage"},
                     {.text = "cycles"},
                     {.text = "share", .explanation = "of all cycles"},
                     {.text = "per translation", .explanation = "cycles divided by translations"},
                     {.text = "meaning", .of_words = true}});
    for (const std::string& stage : view.names(stages)) {
        const auto cycles = view.count(stages / stage);
        if (cycles && *cycles != 0) {
            table.add_row({.text = stage}, {view.cell(stages / stage),
                                            share_cell(cycles, total),
                                            quotient_cell(cycles, translations),
                                            {.text = meanings.of(stage), .kind = CellKind::words}});
        }
    }
    return stage_charts({view.number()}) + table.html();
}

}  // namespace mmusim::tb
