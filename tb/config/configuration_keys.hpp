// SPDX-License-Identifier: Apache-2.0
// The keys of a configuration as a list, for messages and documentation.
#pragma once

#include "tb/config/configuration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// One parameter of one configuration.
struct KeyDescription {
    std::string key;             ///< dotted: "tlbs.l1d.sets"
    std::string value;           ///< as JSON
    std::string allowed_values;  ///< in words: "a whole number from 1 to 8"
    std::string_view description;
};

/// Every parameter, in the order of the field lists.
[[nodiscard]] std::vector<KeyDescription> describe(const Configuration& configuration);

/// The keys of every parameter and of every group of them ("tlbs", "tlbs.l1d").
[[nodiscard]] std::vector<std::string> known_keys(const Configuration& configuration);

}  // namespace mmusim::tb
