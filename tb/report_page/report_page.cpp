// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/report_page.hpp"

#include "tb/report/version.hpp"
#include "tb/report_page/comparison.hpp"
#include "tb/report_page/page_files.hpp"
#include "tb/report_page/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

// Nothing may be loaded, from anywhere. The drawing library compiles expressions of its own.
constexpr std::string_view content_policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "img-src data: blob:";

constexpr std::string_view page_notes =
    "Every figure is one of the documents, where data-at says, and the documents are in this page. "
    "Figures in italics are computed from those beside them: a share is the part divided by the "
    "whole, a change the figure less that of the first run. Means and rates are rounded.";

/// A part of a section.
struct ResultPart {
    std::string_view name;
    std::string_view title;
    std::string (*html)(const DocumentView& view);
};

constexpr std::array<ResultPart, 12> result_parts{{
    {.name = "summary", .title = "Summary", .html = summary_part},
    {.name = "latency", .title = "Latency by class", .html = latency_part},
    {.name = "stages", .title = "Where the cycles went", .html = stages_part},
    {.name = "tlbs", .title = "TLBs", .html = tlbs_part},
    {.name = "walks", .title = "Page-table walks", .html = walks_part},
    {.name = "memory", .title = "Caches and memory", .html = memory_part},
    {.name = "faults", .title = "Page faults", .html = faults_part},
    {.name = "timeline", .title = "Over time", .html = timeline_part},
    {.name = "processes", .title = "Processes", .html = processes_part},
    {.name = "steps", .title = "The script, line by line", .html = steps_part},
    {.name = "system", .title = "Operating system and storage", .html = operating_system_part},
    {.name = "configuration", .title = "Configuration", .html = configuration_part},
}};

/// A section, and the line of the contents that leads to it.
struct PageSection {
    std::string identifier;
    std::string title;
    std::string body;
    std::vector<std::pair<std::string, std::string>> parts{};  // identifiers and titles

    void add(std::string_view name, std::string_view heading, const std::string& html) {
        if (html.empty()) {
            return;
        }
        std::string place = fmt::format("{}-{}", identifier, name);
        body += fmt::format("<section id=\"{}\">\n<h3>{}</h3>\n{}</section>\n", place,
                            html_escaped(heading), html);
        parts.emplace_back(std::move(place), heading);
    }

    [[nodiscard]] std::string html() const {
        return fmt::format("<section class=\"document\" id=\"{}\">\n<h2>{}</h2>\n{}</section>\n",
                           identifier, html_escaped(title), body);
    }

    [[nodiscard]] std::string contents_html() const {
        std::string lines;
        for (const auto& [place, heading] : parts) {
            lines += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", place, html_escaped(heading));
        }
        return fmt::format("<li><a href=\"#{}\">{}</a>{}</li>\n", identifier, html_escaped(title),
                           lines.empty() ? lines : "\n<ul>\n" + lines + "</ul>");
    }
};

[[nodiscard]] std::string interruption_note(const ReportDocument& document) {
    return document.interrupted()
               ? "<p class=\"warning\" role=\"note\">Interrupted: the figures are of what was done "
                 "until then.</p>\n"
               : std::string{};
}

[[nodiscard]] PageSection document_section(const DocumentView& view, bool alone) {
    PageSection section{.identifier = fmt::format("document-{}", view.number()),
                        .title = alone ? view.document().name : label_of(view),
                        .body = interruption_note(view.document())};
    switch (view.document().kind) {
        case DocumentKind::result:
            for (const ResultPart& part : result_parts) {
                section.add(part.name, part.title, part.html(view));
            }
            break;
        case DocumentKind::exploration:
            section.add("explored", "What was explored", explored_part(view));
            for (const std::string& stream : view.names(Pointer("/streams"))) {
                section.add("stream-" + std::to_string(section.parts.size()),
                            fmt::format("TLBs of all shapes: {}", stream),
                            stream_part(view, stream));
            }
            break;
        case DocumentKind::sweep: section.add("sweep", "The points", sweep_part(view)); break;
    }
    return section;
}

[[nodiscard]] std::vector<PageSection> sections_of(const std::vector<DocumentView>& views) {
    std::vector<PageSection> sections;
    std::vector<DocumentView> results;
    std::copy_if(
        views.begin(), views.end(), std::back_inserter(results),
        [](const DocumentView& view) { return view.document().kind == DocumentKind::result; });
    if (std::string comparison = comparison_part(results); !comparison.empty()) {
        sections.push_back(
            {.identifier = "comparison", .title = "Comparison", .body = std::move(comparison)});
    }
    for (const DocumentView& view : views) {
        sections.push_back(document_section(view, views.size() == 1));
    }
    return sections;
}

[[nodiscard]] std::string page_title(const std::vector<ReportDocument>& documents) {
    std::string title;
    for (const ReportDocument& document : documents) {
        title += (title.empty() ? "mmusim: " : ", ") + document.name;
    }
    return title;
}

[[nodiscard]] std::string embedded_documents(const std::vector<DocumentView>& views) {
    std::string html;
    for (const DocumentView& view : views) {
        html += fmt::format(
            "<script type=\"application/json\" class=\"document\" data-label=\"{}\">{}</script>\n",
            html_escaped(views.size() == 1 ? view.document().name : label_of(view)),
            json_within_script(view.document().content.dump()));
    }
    return html;
}

[[nodiscard]] std::string embedded_charts(const ChartLibrary& library) {
    std::string html;
    for (const PageFile& file : page_files()) {
        if (file.name.starts_with("charts/")) {
            html += fmt::format(
                "<script type=\"application/json\" class=\"chart\" data-file=\"{}\">{}</script>\n",
                file.name, json_within_script(file.text));
        }
    }
    for (const ChartScript& script : library) {
        html +=
            fmt::format("<script type=\"text/plain\">{} {}\n\n{}</script>\n<script>{}</script>\n",
                        script.package, script.version, within_script(script.licence),
                        within_script(script.text));
    }
    return html + fmt::format("<script>\n{}</script>\n", within_script(page_file("page.js")));
}

[[nodiscard]] bool follows(std::string_view text, std::size_t position, std::string_view word) {
    return text.size() - position >= word.size() &&
           std::equal(word.begin(), word.end(),
                      text.begin() + static_cast<std::ptrdiff_t>(position),
                      [](char expected, char found) {
                          return expected == std::tolower(static_cast<unsigned char>(found));
                      });
}

}  // namespace

std::string within_script(std::string_view script) {
    // What ends the element or begins a comment. In texts and patterns of a script the escape is
    // the same character, and nowhere else do these words stand.
    constexpr std::array<std::string_view, 3> dangerous{"</script", "<script", "<!--"};
    std::string text;
    text.reserve(script.size());
    for (std::size_t position = 0; position < script.size(); ++position) {
        const bool is_dangerous =
            script[position] == '<' &&
            std::any_of(dangerous.begin(), dangerous.end(),
                        [&](std::string_view word) { return follows(script, position, word); });
        text += is_dangerous ? std::string{"\\x3C"} : std::string(1, script[position]);
    }
    return text;
}

std::string json_within_script(std::string_view json) {
    std::string text;
    text.reserve(json.size());
    for (const char character : json) {
        text += character == '<' ? std::string{"\\u003c"} : std::string(1, character);
    }
    return text;
}

std::string report_page(const std::vector<ReportDocument>& documents,
                        const std::optional<ChartLibrary>& charts) {
    std::vector<DocumentView> views;
    for (std::size_t number = 0; number < documents.size(); ++number) {
        views.emplace_back(documents[number], number);
    }
    std::string contents;
    std::string sections;
    for (const PageSection& section : sections_of(views)) {
        contents += section.contents_html();
        sections += section.html();
    }
    std::string page = fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="{} {}">
<title>{}</title>
<style>
{}</style>
</head>
<body>
)",
                                   content_policy, program_name, version(),
                                   html_escaped(page_title(documents)), page_file("page.css"));
    page += fmt::format(R"(<header><h1>mmusim report</h1></header>
<nav aria-label="Contents"><ul>
{}</ul></nav>
<main>
{}</main>
<footer><p>{}</p><p>Made by {} {}.</p></footer>
)",
                        contents, sections, page_notes, program_name, version());
    page += embedded_documents(views);
    if (charts) {
        page += embedded_charts(*charts);
    }
    return page + "</body>\n</html>\n";
}

}  // namespace mmusim::tb
