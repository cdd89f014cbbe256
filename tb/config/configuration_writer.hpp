// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mmusim::tb {

/// Every key of the configuration, and `complete: true`: given back as a layer, it is all that
/// counts.
[[nodiscard]] nlohmann::ordered_json to_json(const Configuration& configuration);

/// The same as text, with a newline at its end. Read back and written again it is the same, byte
/// for byte.
[[nodiscard]] std::string to_text(const Configuration& configuration);

}  // namespace mmusim::tb
