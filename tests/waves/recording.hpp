// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/tb/cli/program.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests {

/// The clock of the default preset.
inline constexpr std::uint64_t cycle_ps = 250;

/// The window that the main job of tb/run.sh records.
inline constexpr std::uint64_t first_faults_from = 0;
inline constexpr std::uint64_t first_faults_to = 30000;

/// Runs the shipped trace on the default preset with these further options.
[[nodiscard]] inline Outcome run_shipped_trace(const Workplace& workplace,
                                               const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"run", MMUSIM_TRACES "/sqlite-group-by.mmutrace.xz"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return workplace.mmusim(arguments);
}

/// Enough accesses for the windows that are recorded here.
inline constexpr const char* enough_accesses = "1000";

/// Records the cycles [from, to] into that file.
[[nodiscard]] inline Outcome record(const Workplace& workplace, const std::string& file,
                                    std::uint64_t from, std::uint64_t to) {
    return run_shipped_trace(
        workplace, {"--limit", enough_accesses, "--vcd", workplace.path_of(file), "--vcd-from",
                    std::to_string(from), "--vcd-to", std::to_string(to)});
}

}  // namespace mmusim::tests
