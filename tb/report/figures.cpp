// SPDX-License-Identifier: Apache-2.0
#include "tb/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

// What says who made the result, of what and how; and the figures that have lists of their own.
constexpr std::array<std::string_view, 8> no_figures{
    "schema", "schema_version", "tool", "config", "workload", "timeline", "host", "repeats"};

[[nodiscard]] bool is_list_of_numbers(const ordered_json& value) {
    return value.is_array() &&
           std::all_of(value.begin(), value.end(),
                       [](const ordered_json& each) { return each.is_number(); });
}

void add_figures(const std::string& name, const ordered_json& value, std::vector<Figure>& figures) {
    if (value.is_number()) {
        figures.push_back({.name = name, .number = value});
    } else if (value.is_object()) {
        for (const auto& [member, inner] : value.items()) {
            add_figures(fmt::format("{}.{}", name, member), inner, figures);
        }
    } else if (is_list_of_numbers(value)) {
        for (std::size_t place = 0; place < value.size(); ++place) {
            figures.push_back({.name = fmt::format("{}.{}", name, place), .number = value[place]});
        }
    }
}

}  // namespace

std::vector<Figure> figures_of(const ordered_json& result) {
    std::vector<Figure> figures;
    for (const auto& [member, value] : result.items()) {
        if (std::find(no_figures.begin(), no_figures.end(), member) == no_figures.end()) {
            add_figures(member, value, figures);
        }
    }
    return figures;
}

std::vector<std::string> figures_meant(std::string_view wanted,
                                       const std::vector<std::string>& names) {
    if (std::find(names.begin(), names.end(), wanted) != names.end()) {
        return {std::string(wanted)};
    }
    const std::string ending = '.' + std::string(wanted);
    std::vector<std::string> meant;
    std::copy_if(names.begin(), names.end(), std::back_inserter(meant),
                 [&ending](const std::string& name) { return name.ends_with(ending); });
    return meant;
}

}  // namespace mmusim::tb
