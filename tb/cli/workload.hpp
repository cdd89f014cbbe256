// SPDX-License-Identifier: Apache-2.0
// From the arguments of a command to what is simulated.
#pragma once

#include "tb/cli/options.hpp"
#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"
#include "tb/system/run_options.hpp"
#include "tb/trace/recorded_traces.hpp"
#include "tb/workload/script_command.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The script, if one is named. Throws InputError, also where there are traces beside it. `command`
/// is whose arguments these are, for the message.
[[nodiscard]] std::optional<Script> script_of(std::string_view command,
                                              const WorkloadArguments& arguments);

/// Throws InputError where there is nothing to run, or nothing of it to measure.
void check_workload(std::string_view command, const WorkloadArguments& arguments);

/// The preset, with all that lies over it: files, the script's own settings, those of the command
/// line. Throws ConfigurationError.
[[nodiscard]] Configuration configuration_of(const MachineArguments& arguments,
                                             const std::optional<Script>& script);

/// Throws InputError where a trace of the workload can be read only once. `reader` is the option
/// that reads traces twice.
void check_workload_readable_twice(const WorkloadArguments& arguments,
                                   const std::optional<Script>& script, std::string_view reader);

/// The files that a run reads: none of them may be an output.
[[nodiscard]] std::vector<std::string> inputs_of(const MachineArguments& machine,
                                                 const WorkloadArguments& workload);

/// Reads the trace files, as far as there is room for them, for several runs. What is not kept is
/// read again by each run. Throws InputError, also where that cannot be.
[[nodiscard]] RecordedTraces record_traces(const WorkloadArguments& workload);

/// Opens the traces and runs them, or the script. Throws what simulate() throws. What is recorded
/// is not read again.
[[nodiscard]] RunResult simulate_workload(const Configuration& configuration,
                                          const WorkloadArguments& workload,
                                          const std::optional<Script>& script,
                                          const RunOptions& options,
                                          const RecordedTraces& recorded = RecordedTraces());

}  // namespace mmusim::tb
