// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <string>

namespace mmusim::tb {

/// What `mmusim walk` was given.
struct WalkArguments {
    std::string vectors;
    bool timed = false;
};

/// `mmusim walk`: answers walk vectors on standard output. Throws InputError.
[[nodiscard]] ExitStatus walk_command(const WalkArguments& arguments);

/// Adds `walk`; when it is chosen, that is kept in `chosen`.
void add_walk_command(CLI::App& program, WalkArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
