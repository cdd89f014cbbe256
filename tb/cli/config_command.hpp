// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <string>
#include <vector>

namespace mmusim::tb {

/// What `mmusim config show` or `mmusim config check` was given.
struct ConfigArguments {
    std::string preset = "default";
    std::vector<std::string> configuration_files;
    std::vector<std::string> settings;
    /// What is checked.
    std::vector<std::string> checked_files;
};

/// `mmusim config list`: the presets, each in a line.
[[nodiscard]] ExitStatus list_presets_command();

/// `mmusim config show`: the resolved configuration, and where its values come from. Throws
/// InputError.
[[nodiscard]] ExitStatus show_configuration_command(const ConfigArguments& arguments);

/// `mmusim config schema`: the JSON Schema of configuration files.
[[nodiscard]] ExitStatus configuration_schema_command();

/// `mmusim config check`: what is wrong in each file, laid over the preset by itself. Throws
/// ConfigurationError with the problems of all.
[[nodiscard]] ExitStatus check_configuration_command(const ConfigArguments& arguments);

/// Adds `config` and its four commands; the chosen one is kept in `chosen`.
void add_config_command(CLI::App& program, ConfigArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
