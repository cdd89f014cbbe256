// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"
#include "tb/cli/options.hpp"
#include "tb/sweep/sweep_summary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What `mmusim sweep` was given.
struct SweepArguments {
    MachineArguments machine;
    WorkloadArguments workload;  ///< with `merge`, its traces are the files to merge

    std::vector<std::string> axes;
    std::uint64_t repeat = 1;
    std::optional<std::string> shard;
    bool check = false;

    std::optional<std::uint64_t> jobs;
    bool resume = false;
    bool merge = false;

    std::optional<std::string> csv;
    std::optional<std::string> json;
    std::string shown_figure{default_shown_figure};
};

/// `mmusim sweep`: one simulation for each point of a grid, in processes side by side. Throws
/// InputError.
[[nodiscard]] ExitStatus sweep_command(const SweepArguments& arguments);

/// Adds `sweep`; when it is chosen, that is kept in `chosen`.
void add_sweep_command(CLI::App& program, SweepArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
