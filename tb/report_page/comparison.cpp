// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/comparison.hpp"

#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

[[nodiscard]] bool is_same_in_all(const std::vector<DocumentView>& views,
                                  const std::vector<std::optional<Pointer>>& places) {
    if (!places.front()) {
        return false;
    }
    const ordered_json& first = *views.front().find(*places.front());
    for (std::size_t document = 1; document < views.size(); ++document) {
        if (!places[document] || *views[document].find(*places[document]) != first) {
            return false;
        }
    }
    return true;
}

[[nodiscard]] bool are_numbers(const ordered_json* first, const ordered_json* other) {
    return first != nullptr && other != nullptr && first->is_number() && other->is_number();
}

[[nodiscard]] std::string signed_text(bool negative, const std::string& size) {
    return (negative ? "-" : "+") + size;
}

}  // namespace

std::vector<ComparedFigure> compared(const std::vector<DocumentView>& views, const Pointer& group) {
    std::vector<ComparedFigure> figures;
    std::map<std::string, std::size_t> rows;
    for (std::size_t document = 0; document < views.size(); ++document) {
        const ordered_json* const value = views[document].find(group);
        if (value == nullptr) {
            continue;
        }
        for (const Leaf& leaf : leaves_of(*value, group)) {
            const auto [row, is_new] = rows.try_emplace(leaf.key, figures.size());
            if (is_new) {
                figures.push_back(
                    {.key = leaf.key, .places = std::vector<std::optional<Pointer>>(views.size())});
            }
            figures[row->second].places[document] = leaf.pointer;
        }
    }
    for (ComparedFigure& figure : figures) {
        figure.same = is_same_in_all(views, figure.places);
    }
    return figures;
}

std::string change_text(const ordered_json* first, const ordered_json* other) {
    if (!are_numbers(first, other)) {
        return std::string{no_number};
    }
    if (*first == *other) {
        return "0";
    }
    if (first->is_number_unsigned() && other->is_number_unsigned()) {
        const auto before = first->get<std::uint64_t>();
        const auto after = other->get<std::uint64_t>();
        const bool less = after < before;
        return signed_text(less, grouped(less ? before - after : after - before));
    }
    const double change = other->get<double>() - first->get<double>();
    return signed_text(change < 0, rounded(std::abs(change)));
}

std::string relative_change_text(const ordered_json* first, const ordered_json* other) {
    if (!are_numbers(first, other) || first->get<double>() == 0) {
        return std::string{no_number};
    }
    if (*first == *other) {
        return "0 %";
    }
    constexpr double percent = 100;
    const double before = first->get<double>();
    const double change = (other->get<double>() - before) / std::abs(before) * percent;
    return fmt::format("{:+.2f} %", change);
}

std::string label_of(const DocumentView& view) {
    constexpr std::size_t letters = 26;
    const std::size_t number = view.number();
    const std::string letter = number < letters ? std::string(1, static_cast<char>('A' + number))
                                                : fmt::to_string(number + 1);
    return fmt::format("{}: {}", letter, view.document().name);
}

}  // namespace mmusim::tb
