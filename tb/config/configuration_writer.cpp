// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_writer.hpp"

#include "tb/config/parameter_json.hpp"

#include <nlohmann/json.hpp>

namespace mmusim::tb {

nlohmann::ordered_json to_json(const Configuration& configuration) {
    nlohmann::ordered_json document{{"complete", true}};
    document.update(parameter_json(configuration));
    return document;
}

std::string to_text(const Configuration& configuration) {
    constexpr int indentation_of_document = 2;
    return to_json(configuration).dump(indentation_of_document) + '\n';
}

}  // namespace mmusim::tb
