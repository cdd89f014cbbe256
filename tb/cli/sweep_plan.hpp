// SPDX-License-Identifier: Apache-2.0
// What a sweep is to do, checked before any of it is done.
#pragma once

#include "tb/cli/sweep_command.hpp"
#include "tb/config/configuration.hpp"
#include "tb/sweep/grid.hpp"
#include "tb/workload/script_command.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::tb {

struct PlannedPoint {
    std::size_t point = 0;
    /// The machine, or what is wrong with it: then there is nothing to simulate.
    std::variant<Configuration, std::string> machine;
};

struct SweepPlan {
    Grid grid{};
    std::optional<Script> script{};
    /// Those of this shard.
    std::vector<PlannedPoint> points{};
    /// With how many seeds each is simulated.
    std::size_t seeds = 1;
};

/// Throws InputError with everything that is wrong with the command line, and for what is wrong
/// with the machine whatever the swept keys are.
[[nodiscard]] SweepPlan plan_sweep(const SweepArguments& arguments);

/// All that the outcomes depend on, by what a user calls it.
[[nodiscard]] nlohmann::ordered_json identity_of(const SweepPlan& plan,
                                                 const SweepArguments& arguments);

/// The files that are read, those that the script names included.
[[nodiscard]] std::vector<std::string> files_read_by(const SweepPlan& plan,
                                                     const SweepArguments& arguments);

}  // namespace mmusim::tb
