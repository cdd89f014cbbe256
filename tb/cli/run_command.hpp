// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/wave_options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What `mmusim run` was given.
struct RunArguments {
    MachineArguments machine;
    bool dump_configuration = false;

    WorkloadArguments workload;
    std::uint64_t repeat = 1;

    std::uint64_t interval = 0;
    std::optional<std::string> json;
    std::optional<std::string> translation_log;
    std::optional<std::string> events;
    std::optional<std::uint64_t> events_limit;
    bool events_hits = false;
    std::optional<std::string> walk_log;
    WaveArguments waves;
    bool proc = false;
    bool check = false;
    bool timing = false;
    bool what_if = false;
};

/// `mmusim run`: simulates and reports. Throws InputError.
[[nodiscard]] ExitStatus run_command(const RunArguments& arguments);

/// Adds `run`; when it is chosen, that is kept in `chosen`.
void add_run_command(CLI::App& program, RunArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
