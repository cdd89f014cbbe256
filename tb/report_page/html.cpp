// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/html.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string_view class_of(CellKind kind) {
    switch (kind) {
        case CellKind::number: return "number";
        case CellKind::words: return "words";
        case CellKind::derived: return "derived";
    }
    return {};
}

[[nodiscard]] std::string style_of(const Cell& cell) {
    std::string style;
    if (cell.bar) {
        style += fmt::format("--bar-end:{:.1f}%;", *cell.bar * 100);
    }
    if (cell.tint) {
        style += fmt::format("--tint:{:.1f}%;", *cell.tint * 100);
    }
    return style.empty() ? style : fmt::format(R"( style="{}")", style);
}

[[nodiscard]] std::string cell_html(const Cell& cell) {
    std::string classes{class_of(cell.kind)};
    classes += cell.text == "0" ? " zero" : "";
    classes += cell.bar ? " bar" : "";
    classes += cell.tint ? " tint" : "";
    const std::string place =
        cell.place ? fmt::format(R"( data-document="{}" data-at="{}")", cell.place->document,
                                 html_escaped(cell.place->pointer))
                   : std::string{};
    return fmt::format(R"(<td class="{}"{}{}>{}</td>)", classes, place, style_of(cell),
                       html_escaped(cell.text));
}

[[nodiscard]] std::string heading_html(const Heading& heading, std::string_view scope) {
    const std::string title =
        heading.explanation.empty()
            ? std::string{}
            : fmt::format(R"( title="{}")", html_escaped(heading.explanation));
    const std::string_view classes = heading.of_words ? R"( class="words")" : "";
    return fmt::format(R"(<th scope="{}"{}{}>{}</th>)", scope, classes, title,
                       html_escaped(heading.text));
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char character : text) {
        switch (character) {
            case '&': html += "&amp;"; break;
            case '<': html += "&lt;"; break;
            case '>': html += "&gt;"; break;
            case '"': html += "&quot;"; break;
            case '\'': html += "&#39;"; break;
            case '\0': html += "\uFFFD"; break;  // no HTML can hold it
            default: html += character;
        }
    }
    return html;
}

HtmlTable::HtmlTable(std::string caption, std::vector<Heading> headings)
    : caption_(std::move(caption)), headings_(std::move(headings)) {}

void HtmlTable::add_row(const Heading& heading, std::vector<Cell> cells) {
    if (cells.size() >= headings_.size()) {
        throw ModelError(fmt::format("a row of {} cells in a table of {} columns", cells.size() + 1,
                                     headings_.size()));
    }
    cells.resize(headings_.size() - 1);
    body_ += "<tr>" + heading_html(heading, "row");
    for (const Cell& cell : cells) {
        body_ += cell_html(cell);
    }
    body_ += "</tr>\n";
    ++rows_;
}

void HtmlTable::add_group(std::string_view heading) {
    body_ += fmt::format(R"(</tbody>
<tbody><tr class="group"><th scope="rowgroup" colspan="{}">{}</th></tr>
)",
                         headings_.size(), html_escaped(heading));
}

std::string HtmlTable::html() const {
    if (empty()) {
        return {};
    }
    std::string head;
    for (const Heading& heading : headings_) {
        head += heading_html(heading, "col");
    }
    return fmt::format(R"(<div class="scroll" tabindex="0" role="region" aria-label="{0}"><table>
<caption>{0}</caption>
<thead><tr>{1}</tr></thead>
<tbody>
{2}</tbody>
</table></div>
)",
                       html_escaped(caption_), head, body_);
}

std::string folded(std::string_view summary, const std::string& content) {
    if (content.empty()) {
        return {};
    }
    return fmt::format("<details><summary>{}</summary>\n{}</details>\n", html_escaped(summary),
                       content);
}

std::string paragraph(std::string_view text) {
    return fmt::format("<p>{}</p>\n", html_escaped(text));
}

std::string chart_place(const ChartPlace& place) {
    const std::string part = place.part.empty()
                                 ? std::string{}
                                 : fmt::format(R"( data-part="{}")", html_escaped(place.part));
    return fmt::format(
        R"(<figure hidden data-chart="{}" data-documents="{}"{} data-description="{}">
<figcaption>{}</figcaption>
<div class="chart"></div>
</figure>
)",
        place.chart, fmt::join(place.documents, " "), part, html_escaped(place.description),
        html_escaped(place.title));
}

}  // namespace mmusim::tb
