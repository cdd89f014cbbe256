// SPDX-License-Identifier: Apache-2.0
// The parts of the text about one explored stream. Each is some whole lines, or nothing where there
// is nothing to say.
#pragma once

#include "tb/explore/exploration.hpp"

#include <string>

namespace mmusim::tb {

/// Misses by sets and ways.
[[nodiscard]] std::string miss_table(const StreamExploration& stream);
[[nodiscard]] std::string fully_associative_table(const StreamExploration& stream);

/// The TLBs that reach each miss rate that was asked for.
[[nodiscard]] std::string target_table(const StreamExploration& stream, CostAxis axis);

/// The TLBs that are worth their cost, the cheapest first, each at least a tenth better than the
/// one above; and the best of all.
[[nodiscard]] std::string pareto_table(const StreamExploration& stream, CostAxis axis);

/// Why the TLBs that were asked for miss, process by process where there are several, and what they
/// cost.
[[nodiscard]] std::string point_tables(const StreamExploration& stream);

}  // namespace mmusim::tb
