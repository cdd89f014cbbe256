// SPDX-License-Identifier: Apache-2.0
#include "tb/report/json_text.hpp"

#include <nlohmann/json.hpp>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string text_of_json(const nlohmann::ordered_json& document, int indentation) {
    constexpr bool escape_all_but_ascii = false;
    return document.dump(indentation, ' ', escape_all_but_ascii,
                         nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& document) {
    constexpr int indentation = 2;
    return text_of_json(document, indentation) + '\n';
}

std::string json_line(const nlohmann::ordered_json& document) {
    constexpr int on_one_line = -1;
    return text_of_json(document, on_one_line);
}

}  // namespace mmusim::tb
