// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"
#include "tb/cli/record_command.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What one of the commands of `mmusim trace` was given.
struct TraceArguments {
    ConvertArguments convert;
    InfoArguments info;
    RecordArguments record;
};

/// Adds `trace` and its commands; the chosen one is kept in `chosen`.
void add_trace_command(CLI::App& program, TraceArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
