// SPDX-License-Identifier: Apache-2.0
#include "tb/report/json_text.hpp"

#include <nlohmann/json.hpp>

namespace mmusim::tb {

std::string json_text(const nlohmann::ordered_json& document) {
    constexpr int indentation = 2;
    constexpr bool escape_all_but_ascii = false;
    return document.dump(indentation, ' ', escape_all_but_ascii,
                         nlohmann::ordered_json::error_handler_t::replace) +
           '\n';
}

}  // namespace mmusim::tb
