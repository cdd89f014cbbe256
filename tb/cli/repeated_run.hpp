// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/optional_output.hpp"
#include "tb/cli/run_command.hpp"
#include "tb/config/configuration.hpp"
#include "tb/system/run_options.hpp"
#include "tb/workload/script_command.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::tb {

/// More runs of one machine are not taken: each has its results in memory.
inline constexpr std::uint64_t most_repeats = 10'000;

/// Throws InputError where `--repeat` is of no sense, or with what is of one run only.
void check_repeat(const RunArguments& arguments);

/// The run with each of several seeds, and the report of the first with mean and spread of all.
/// Throws InputError, or std::runtime_error for a failure that a run found.
[[nodiscard]] ExitStatus repeated_run(const RunArguments& arguments,
                                      const Configuration& configuration,
                                      const std::optional<Script>& script,
                                      const RunOptions& options, OptionalOutput& json);

}  // namespace mmusim::tb
