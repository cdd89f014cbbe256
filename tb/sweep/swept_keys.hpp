// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/problems.hpp"
#include "tb/config/configuration.hpp"

#include <string>
#include <vector>

namespace mmusim::tb {

/// What is wrong with keys that are to be swept on a machine: no parameter and no group of them has
/// that name, not even of a TLB or a cache that would be new.
[[nodiscard]] Problems problems_of_keys(const std::vector<std::string>& keys,
                                        const Configuration& machine);

}  // namespace mmusim::tb
