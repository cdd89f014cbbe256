// SPDX-License-Identifier: Apache-2.0
// What `run` is told of waves.
#pragma once

#include "hw/base/types.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/trigger_search.hpp"
#include "tb/system/run_options.hpp"
#include "tb/workload/script_command.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

struct WaveArguments {
    std::optional<std::string> path;
    std::optional<std::uint64_t> from;
    std::optional<std::uint64_t> to;
    std::optional<std::string> around;
    std::optional<std::uint64_t> before;
    std::optional<std::uint64_t> after;
};

void add_wave_options(CLI::App& command, WaveArguments& arguments);

/// Throws InputError where the arguments do not go together, or not with what is run.
void check_wave_arguments(const WaveArguments& arguments, const WorkloadArguments& workload,
                          const std::optional<Script>& script);

/// The window that the arguments, which have been checked, mean; nothing without waves. Where it
/// lies around an event, `run` makes the run and tells an observer of it, to find out when that is.
[[nodiscard]] std::optional<WaveWindow> wave_window_of(const WaveArguments& arguments,
                                                       const WatchedRun& run,
                                                       const std::atomic<bool>& interrupted);

}  // namespace mmusim::tb
