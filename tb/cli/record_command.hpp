// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What `mmusim trace record` was given.
struct RecordArguments {
    /// The program's name, and its arguments.
    std::vector<std::string> program;
    std::optional<std::string> output;
    std::uint64_t limit = 0;
};

/// `mmusim trace record`: runs a program and writes what it does to memory. The exit status is the
/// program's. Throws InputError.
[[nodiscard]] ExitStatus record_command(const RecordArguments& arguments);

/// Adds `record` to `trace`; if it is chosen, it is kept in `chosen`.
void add_record_command(CLI::App& trace, RecordArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
