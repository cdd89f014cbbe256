// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/kernel/figures.hpp"
#include "tests/kernel/script_knobs.hpp"

#include <string>
#include <vector>

namespace mmusim::tests {

struct ModelRun {
    ScriptKnobs knobs;
    /// One for each step of the script, in their order.
    std::vector<Figures> figures;
};

/// What `mmusim run --workload PATH` makes of a script, with the default preset. Throws
/// std::runtime_error with what it says if it does not come to the script's end.
[[nodiscard]] ModelRun run_on_model(const std::string& path);

}  // namespace mmusim::tests
