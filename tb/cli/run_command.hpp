// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What `mmusim run` was given.
struct RunArguments {
    std::vector<std::string> traces;
    std::optional<std::string> script;
    std::optional<std::string> format;

    std::string preset = "default";
    std::vector<std::string> configuration_files;
    std::vector<std::string> settings;
    std::optional<std::uint64_t> seed;
    bool dump_configuration = false;

    std::uint64_t warmup = 0;
    std::uint64_t limit = 0;
    std::uint64_t interval = 0;

    std::optional<std::string> json;
    std::optional<std::string> translation_log;
    std::optional<std::string> waves;
    std::optional<std::uint64_t> waves_from;
    std::optional<std::uint64_t> waves_to;
    bool proc = false;
    bool check = false;
    bool timing = false;
};

/// `mmusim run`: simulates and reports. Throws InputError.
[[nodiscard]] ExitStatus run_command(const RunArguments& arguments);

}  // namespace mmusim::tb
