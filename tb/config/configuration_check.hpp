// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/problems.hpp"
#include "tb/config/configuration.hpp"

namespace mmusim::tb {

/// What is wrong with the machine as a whole, where every single value is one that its parameter
/// may take: names that lead nowhere, chains that never end, sizes that do not fit together.
[[nodiscard]] Problems check(const Configuration& configuration);

}  // namespace mmusim::tb
