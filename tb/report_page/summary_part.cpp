// SPDX-License-Identifier: Apache-2.0
#include "hw/base/problems.hpp"
#include "tb/config/configuration_check.hpp"
#include "tb/config/configuration_reader.hpp"
#include "tb/report/machine_summary.hpp"
#include "tb/report_page/figure_tables.hpp"
#include "tb/report_page/key_figures.hpp"
#include "tb/report_page/meanings.hpp"
#include "tb/report_page/parts.hpp"

#include <fmt/format.h>

#include <optional>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string key_figures_html(const DocumentView& view) {
    std::string html = "<dl class=\"key-figures\">\n";
    for (const KeyFigure& figure : key_figures) {
        const Cell cell = view.cell(Pointer(std::string{figure.pointer}));
        const std::string place =
            cell.place ? fmt::format(R"( data-document="{}" data-at="{}")", cell.place->document,
                                     html_escaped(cell.place->pointer))
                       : std::string{};
        html += fmt::format("<div><dt>{}</dt><dd{}>{}</dd></div>\n", figure.name, place,
                            html_escaped(cell.text));
    }
    return html + "</dl>\n";
}

// None where this program does not know all that the configuration says.
[[nodiscard]] std::optional<std::string> machine_of(const nlohmann::ordered_json& config) {
    // By way of text: the two kinds of document do not convert into each other.
    nlohmann::json layer = nlohmann::json::parse(config.dump());
    layer.erase("complete");
    Configuration configuration;
    Problems problems;
    apply_layer(configuration, layer, {}, problems);
    if (!problems.empty() || !check(configuration).empty()) {
        return std::nullopt;
    }
    return machine_summary(configuration);
}

}  // namespace

std::string summary_part(const DocumentView& view) {
    std::string html = key_figures_html(view);
    if (const auto machine = machine_of(*view.find(Pointer("/config")))) {
        html += paragraph(fmt::format("Machine: {}.", *machine));
    }
    return html + figure_table(view, "What ran", {{.heading = "", .pointer = Pointer("/workload")}},
                               Meanings());
}

}  // namespace mmusim::tb
