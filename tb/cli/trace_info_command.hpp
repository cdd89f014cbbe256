// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What `mmusim trace info` was given.
struct TraceInfoArguments {
    std::string input;
    std::optional<std::string> format;
    std::optional<std::uint64_t> interval;
    std::optional<std::string> json;
};

/// `mmusim trace info`: says what a trace holds. Throws InputError.
[[nodiscard]] ExitStatus trace_info_command(const TraceInfoArguments& arguments);

/// Adds `info` to the commands of `trace`; when it is chosen, that is kept in `chosen`.
void add_trace_info_command(CLI::App& trace, TraceInfoArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
