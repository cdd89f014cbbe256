// SPDX-License-Identifier: Apache-2.0
#include "page_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <utility>

namespace mmusim::tests {

namespace {

using nlohmann::ordered_json;

[[nodiscard]] std::string without_entities(std::string text) {
    using Entity = std::pair<std::string_view, std::string_view>;
    constexpr std::array<Entity, 5> entities{Entity{"&lt;", "<"}, Entity{"&gt;", ">"},
                                             Entity{"&quot;", "\""}, Entity{"&#39;", "'"},
                                             Entity{"&amp;", "&"}};
    for (const auto& [entity, character] : entities) {
        for (std::size_t at = text.find(entity); at != std::string::npos;
             at = text.find(entity, at + character.size())) {
            text.replace(at, entity.size(), character);
        }
    }
    return text;
}

[[nodiscard]] std::string attribute(std::string_view tag, std::string_view name) {
    const std::string begin = fmt::format(" {}=\"", name);
    const std::size_t at = tag.find(begin);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t value = at + begin.size();
    return without_entities(std::string{tag.substr(value, tag.find('"', value) - value)});
}

[[nodiscard]] bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char character) { return std::isdigit(character) != 0; });
}

// Two decimals, or four digits of what is less than 1.
[[nodiscard]] bool is_rounded(double value, const std::string& digits) {
    const double shown = std::stod(digits);
    const double coarse = std::abs(value) < 1 ? std::abs(value) * 0.001 : 0.006;
    return std::abs(shown - value) <= coarse;
}

[[nodiscard]] bool shows(const std::string& text, const ordered_json& value) {
    std::string digits = text;
    digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
    if (value.is_number_float()) {
        return is_rounded(value.get<double>(), digits);
    }
    if (value.is_number()) {
        return digits == value.dump();
    }
    if (value.is_null()) {
        return text == "-";
    }
    return text == (value.is_string() ? value.get<std::string>() : value.dump());
}

[[nodiscard]] bool is_words(const PageFigure& figure) {
    return figure.classes.find("words") != std::string::npos;
}

[[nodiscard]] bool is_derived(const PageFigure& figure) {
    return figure.classes.find("derived") != std::string::npos;
}

}  // namespace

std::vector<PageFigure> figures_of(std::string_view page) {
    std::vector<PageFigure> figures;
    std::size_t at = 0;
    while (true) {
        at = std::min(page.find("<td", at), page.find("<dd", at));
        if (at == std::string_view::npos) {
            return figures;
        }
        const std::size_t text = page.find('>', at) + 1;
        const std::string_view tag = page.substr(at, text - at - 1);
        figures.push_back({.classes = attribute(tag, "class"),
                           .document = attribute(tag, "data-document"),
                           .pointer = attribute(tag, "data-at"),
                           .text = without_entities(
                               std::string{page.substr(text, page.find('<', text) - text)})});
        at = text;
    }
}

std::vector<std::string> wrong_figures(std::string_view page,
                                       const std::vector<ordered_json>& documents) {
    std::vector<std::string> wrong;
    for (const PageFigure& figure : figures_of(page)) {
        if (figure.pointer.empty()) {
            if (has_digit(figure.text) && !is_derived(figure) && !is_words(figure)) {
                wrong.push_back(fmt::format("{} comes from nowhere", figure.text));
            }
            continue;
        }
        const ordered_json& document = documents.at(std::stoul(figure.document));
        const ordered_json::json_pointer pointer(figure.pointer);
        if (!document.contains(pointer) || !shows(figure.text, document.at(pointer))) {
            wrong.push_back(
                fmt::format("{} is not what stands at {}", figure.text, figure.pointer));
        }
    }
    return wrong;
}

std::vector<std::string> row_of(std::string_view page, std::string_view heading) {
    const std::string begin = fmt::format(">{}</th><td", heading);
    const std::size_t at = page.find(begin);
    if (at == std::string_view::npos) {
        return {};
    }
    std::vector<std::string> texts;
    for (const PageFigure& figure : figures_of(page.substr(at, page.find("</tr>", at) - at))) {
        texts.push_back(figure.text);
    }
    return texts;
}

}  // namespace mmusim::tests
