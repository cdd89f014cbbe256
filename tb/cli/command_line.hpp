// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

namespace CLI {
class App;
}  // namespace CLI

namespace mmusim::tb {

/// What the program's exit status says.
enum class ExitStatus : int {
    ok = 0,
    failure_found = 1,  ///< the simulation found a failure
    bad_input = 2,      ///< usage, configuration or input
    interrupted = 130,  ///< ended by the user; what was done is written
};

/// What is left to do once the command line has been read.
using Command = std::function<ExitStatus()>;

/// Does what the command line says; returns the exit status.
[[nodiscard]] int run_command_line(std::span<char* const> arguments);

}  // namespace mmusim::tb
