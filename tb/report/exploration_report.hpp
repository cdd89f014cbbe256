// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/exploration.hpp"

#include <string>

namespace mmusim::tb {

/// What a person wants to read first of an exploration, as plain text of at most 100 columns.
[[nodiscard]] std::string exploration_report(const Exploration& exploration);

}  // namespace mmusim::tb
