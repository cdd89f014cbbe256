// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What `mmusim trace convert` was given.
struct TraceConvertArguments {
    std::string input;
    std::string output;
    std::optional<std::string> format;
    std::optional<std::string> to;
    std::uint64_t skip = 0;
    std::uint64_t limit = 0;
};

/// `mmusim trace convert`: writes a trace in another format. Throws InputError.
[[nodiscard]] ExitStatus trace_convert_command(const TraceConvertArguments& arguments);

/// Adds `convert` to the commands of `trace`; when it is chosen, that is kept in `chosen`.
void add_trace_convert_command(CLI::App& trace, TraceConvertArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
