// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/exploration.hpp"
#include "tb/explore/exploration_plan.hpp"

#include <string>

namespace mmusim::tb {

/// What a person wants to read first of an exploration, as plain text of at most 100 columns: the
/// page sizes of the plan, each with the TLBs that are worth their cost along `axis`.
[[nodiscard]] std::string exploration_report(const Exploration& exploration,
                                             const ExplorationPlan& plan, CostAxis axis);

}  // namespace mmusim::tb
