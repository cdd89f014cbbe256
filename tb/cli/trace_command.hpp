// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"
#include "tb/cli/record_command.hpp"
#include "tb/cli/trace_convert_command.hpp"
#include "tb/cli/trace_info_command.hpp"

namespace mmusim::tb {

/// What one of the commands of `mmusim trace` was given.
struct TraceArguments {
    TraceConvertArguments convert;
    TraceInfoArguments info;
    RecordArguments record;
};

/// Adds `trace` and its commands; the chosen one is kept in `chosen`.
void add_trace_command(CLI::App& program, TraceArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
