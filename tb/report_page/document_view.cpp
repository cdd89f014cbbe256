// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/document_view.hpp"

#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

void gather_leaves(const ordered_json& value, const std::string& key, const Pointer& pointer,
                   std::vector<Leaf>& leaves) {
    if (value.is_object()) {
        for (const auto& member : value.items()) {
            gather_leaves(member.value(), key.empty() ? member.key() : key + "." + member.key(),
                          pointer / member.key(), leaves);
        }
    } else if (value.is_array()) {
        const bool is_table = std::any_of(value.begin(), value.end(), [](const ordered_json& each) {
            return each.is_structured();
        });
        for (std::size_t index = 0; !is_table && index < value.size(); ++index) {
            leaves.push_back({.key = fmt::format("{}[{}]", key, index),
                              .pointer = pointer / index,
                              .value = &value[index]});
        }
    } else {
        leaves.push_back({.key = key, .pointer = pointer, .value = &value});
    }
}

}  // namespace

std::string figure_text(const ordered_json& value) {
    switch (value.type()) {
        case ordered_json::value_t::number_unsigned: return grouped(value.get<std::uint64_t>());
        case ordered_json::value_t::number_float: return rounded(value.get<double>());
        case ordered_json::value_t::string: return value.get<std::string>();
        case ordered_json::value_t::null: return std::string{no_number};
        case ordered_json::value_t::object:
        case ordered_json::value_t::array: return {};
        default: return value.dump();
    }
}

std::vector<Leaf> leaves_of(const ordered_json& value, const Pointer& pointer) {
    std::vector<Leaf> leaves;
    gather_leaves(value, {}, pointer, leaves);
    return leaves;
}

const ordered_json* DocumentView::find(const Pointer& pointer) const {
    const ordered_json& content = document_->content;
    return content.contains(pointer) ? &content.at(pointer) : nullptr;
}

std::optional<std::uint64_t> DocumentView::count(const Pointer& pointer) const {
    const ordered_json* const value = find(pointer);
    return value != nullptr && value->is_number_unsigned()
               ? std::optional{value->get<std::uint64_t>()}
               : std::nullopt;
}

Cell DocumentView::cell(const Pointer& pointer) const {
    const ordered_json* const value = find(pointer);
    if (value == nullptr) {
        return {.text = std::string{no_number}};
    }
    return {.text = figure_text(*value),
            .kind = value->is_string() || value->is_boolean() ? CellKind::words : CellKind::number,
            .place = FigurePlace{.document = number_, .pointer = pointer.to_string()}};
}

std::vector<std::string> DocumentView::names(const Pointer& pointer) const {
    std::vector<std::string> result;
    const ordered_json* const value = find(pointer);
    if (value != nullptr && value->is_object()) {
        for (const auto& member : value->items()) {
            result.push_back(member.key());
        }
    }
    return result;
}

std::size_t DocumentView::entries(const Pointer& pointer) const {
    const ordered_json* const value = find(pointer);
    return value != nullptr && value->is_array() ? value->size() : 0;
}

Cell share_cell(std::optional<std::uint64_t> part, std::optional<std::uint64_t> whole) {
    if (!part || !whole || *whole == 0) {
        return {.text = std::string{no_number}, .kind = CellKind::derived};
    }
    const double share = static_cast<double>(*part) / static_cast<double>(*whole);
    return {
        .text = percentage(*part, *whole), .kind = CellKind::derived, .bar = std::min(share, 1.0)};
}

Cell quotient_cell(std::optional<std::uint64_t> dividend, std::optional<std::uint64_t> divisor) {
    return {.text = quotient(dividend.value_or(0), dividend ? divisor.value_or(0) : 0),
            .kind = CellKind::derived};
}

}  // namespace mmusim::tb
