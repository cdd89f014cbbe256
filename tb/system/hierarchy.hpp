// SPDX-License-Identifier: Apache-2.0
// The shape of the hierarchies of TLBs and caches, read from its configuration.
#pragma once

#include "tb/config/configuration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The TLBs that a request meets from `first` on, the last before the walker.
[[nodiscard]] std::vector<std::string> chain_from(const Configuration& configuration,
                                                  std::string_view first);

/// How many levels of TLBs the longer of the core's two chains has.
[[nodiscard]] unsigned levels_of(const Configuration& configuration);

/// Every TLB once: level by level from the core down, fetch before data; those that no chain
/// reaches come last.
[[nodiscard]] std::vector<std::string> tlbs_in_order(const Configuration& configuration);

/// The caches that a request meets from `port` on, the last before the memory.
[[nodiscard]] std::vector<std::string> caches_from(const Configuration& configuration,
                                                   std::string_view port);

/// Every cache once: from the walker's port down, then from the software's, then from those of the
/// program's fetches and data; those that nobody reaches come last.
[[nodiscard]] std::vector<std::string> caches_in_order(const Configuration& configuration);

}  // namespace mmusim::tb
