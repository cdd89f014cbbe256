// SPDX-License-Identifier: Apache-2.0
// A whole machine of a test, and the programs that run on it.
#pragma once

#include "hw/base/access.hpp"
#include "sw/spaces/region.hpp"
#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"
#include "tb/system/run_options.hpp"
#include "tb/system/simulation.hpp"

#include <string>
#include <vector>

namespace mmusim::tests {

/// A program by its accesses.
struct TestProgram {
    std::string name = "program";
    std::vector<Access> accesses;
    /// Mapped besides the implicit mapping, if that is on.
    std::vector<sw::Region> regions{};
};

/// A preset with settings over it, as --preset and --set make it.
[[nodiscard]] tb::Configuration machine(const std::string& preset,
                                        const std::vector<std::string>& settings = {});

/// The smallest exact machine with settings over it.
[[nodiscard]] inline tb::Configuration plain_machine(
    const std::vector<std::string>& settings = {}) {
    return machine("plain", settings);
}

/// Runs the programs, each as a process of its own. Once per process of the host.
[[nodiscard]] tb::RunResult run(const tb::Configuration& configuration,
                                const std::vector<TestProgram>& programs,
                                const tb::RunOptions& options = {},
                                const tb::Inspector& inspect = {});

/// The same with one program.
[[nodiscard]] tb::RunResult run(const tb::Configuration& configuration,
                                const std::vector<Access>& accesses,
                                const tb::RunOptions& options = {},
                                const tb::Inspector& inspect = {});

/// The same in a child process; the result as the text of its JSON.
[[nodiscard]] std::string run_in_child(const tb::Configuration& configuration,
                                       const std::vector<TestProgram>& programs,
                                       const tb::RunOptions& options = {},
                                       const tb::Inspector& inspect = {});

/// The accesses of the trace that is shipped with the project, a database query.
[[nodiscard]] std::vector<Access> shipped_trace();

}  // namespace mmusim::tests
