// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/problems.hpp"
#include "tb/config/configuration.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace mmusim::tb {

/// Lays `layer` over the configuration: what it names takes its value, the rest stays. A named TLB
/// that is not there yet begins with the defaults; null removes one.
///
/// Every unknown key and impossible value becomes one of `problems` and changes nothing. `source`
/// begins each of their sentences, as "machine.json: ".
void apply_layer(Configuration& configuration, const nlohmann::json& layer, std::string_view source,
                 Problems& problems);

}  // namespace mmusim::tb
