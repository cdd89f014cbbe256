// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"
#include "tb/system/run_options.hpp"
#include "tb/system/system_module.hpp"
#include "tb/workload/script_command.hpp"

#include <functional>
#include <vector>

namespace mmusim::tb {

/// Looks at the machine, and into its memory, after the simulation and before it is taken down.
using Inspector = std::function<void(SystemModule&)>;

/// Runs the programs on the machine, each as a process of its own, and returns the figures. Once
/// per process of the host: the SystemC kernel has one simulation.
///
/// Throws InputError for what a trace, an output file or an option has wrong, ModelError for a
/// defect of the model. With an inspector, every socket has its monitor.
[[nodiscard]] RunResult simulate(const Configuration& configuration,
                                 const std::vector<Program>& programs, const RunOptions& options,
                                 const Inspector& inspect = {});

/// The same for a script, whose lines say what happens. Throws ExpectationFailure, too.
[[nodiscard]] RunResult simulate(const Configuration& configuration, const Script& script,
                                 const RunOptions& options, const Inspector& inspect = {});

}  // namespace mmusim::tb
