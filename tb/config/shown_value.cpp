// SPDX-License-Identifier: Apache-2.0
#include "tb/config/shown_value.hpp"

#include <nlohmann/json.hpp>

namespace mmusim::tb {

std::string shortened(std::string_view text) {
    if (text.size() <= longest_shown) {
        return std::string{text};
    }
    return std::string{text.substr(0, longest_shown)} + "…";
}

std::string shown_value(const nlohmann::json& value) {
    if (value.is_object()) {
        return "an object";
    }
    if (value.is_array()) {
        return "a list";
    }
    constexpr int on_one_line = -1;
    constexpr bool escape_all_but_ascii = true;
    return shortened(value.dump(on_one_line, ' ', escape_all_but_ascii,
                                nlohmann::json::error_handler_t::replace));
}

}  // namespace mmusim::tb
