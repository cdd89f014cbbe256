// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/script_command.hpp"
#include "tests/kernel/comparison_rules.hpp"
#include "tests/kernel/own_memory.hpp"
#include "tests/kernel/script_state.hpp"

namespace mmusim::tests {

/// What the figures of the next line depend on, beside the rules that are compared.
/// `asks_for_huge_pages`: a line of the script does.
[[nodiscard]] StepFacts facts_of(const tb::ScriptCommand& command, ScriptState& state,
                                 const OwnMemory& own_memory, bool asks_for_huge_pages);

}  // namespace mmusim::tests
