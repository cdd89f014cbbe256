// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"
#include "tb/cli/options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What `mmusim explain` was given.
struct ExplainArguments {
    std::uint64_t address = 0;
    MachineArguments machine;
    WorkloadArguments workload;
    std::optional<std::string> process;
    std::uint64_t events_limit = 20;
    std::optional<std::string> json;
};

/// `mmusim explain`: runs a workload, and tells what became of one address in it. Throws
/// InputError, and what a run throws.
[[nodiscard]] ExitStatus explain_command(const ExplainArguments& arguments);

/// Adds `explain`; when it is chosen, that is kept in `chosen`.
void add_explain_command(CLI::App& program, ExplainArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
