// SPDX-License-Identifier: Apache-2.0
// What the options of `mmusim explore` ask for.
#pragma once

#include "tb/cli/explore_command.hpp"
#include "tb/explore/exploration_plan.hpp"
#include "tb/explore/tlb_cost.hpp"

namespace mmusim::tb {

/// Throws InputError, which names the option.
[[nodiscard]] ExplorationPlan plan_of(const ExploreArguments& arguments);
[[nodiscard]] CostAxis cost_axis_of(const ExploreArguments& arguments);

}  // namespace mmusim::tb
