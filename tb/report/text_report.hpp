// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"

#include <string>

namespace mmusim::tb {

/// What a person wants to read first, as plain text of at most 100 columns.
[[nodiscard]] std::string text_report(const RunResult& result, const Configuration& configuration);

}  // namespace mmusim::tb
