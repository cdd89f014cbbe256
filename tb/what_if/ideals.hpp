// SPDX-License-Identifier: Apache-2.0
// The parts of a machine made ideal, one at a time: what would the run cost if this were free?
#pragma once

#include "tb/config/configuration.hpp"

#include <string>
#include <vector>

namespace mmusim::tb {

/// One part of a machine without its limits, as anyone can have it with `--set`.
struct Ideal {
    std::string name;
    std::string meaning;
    /// KEY=VALUE each.
    std::vector<std::string> settings;
};

/// The ideals of this machine: each level of TLBs, the walk cache (also where it has none), the
/// walkers, their reads, the page faults, the fences.
[[nodiscard]] std::vector<Ideal> ideals_of(const Configuration& configuration);

}  // namespace mmusim::tb
