// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What `mmusim trace convert` was given.
struct ConvertArguments {
    std::string input;
    std::string output;
    std::optional<std::string> format;
    std::uint64_t skip = 0;
    std::uint64_t limit = 0;
};

/// What `mmusim trace info` was given.
struct InfoArguments {
    std::string input;
    std::optional<std::string> format;
};

/// What one of the commands of `mmusim trace` was given.
struct TraceArguments {
    ConvertArguments convert;
    InfoArguments info;
};

/// `mmusim trace convert`: writes a trace in the project's own format. Throws InputError.
[[nodiscard]] ExitStatus convert_command(const ConvertArguments& arguments);

/// `mmusim trace info`: says what a trace holds. Throws InputError.
[[nodiscard]] ExitStatus info_command(const InfoArguments& arguments);

/// Adds `trace` and its commands; the chosen one is kept in `chosen`.
void add_trace_command(CLI::App& program, TraceArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
