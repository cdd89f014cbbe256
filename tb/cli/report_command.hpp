// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What `mmusim report` was given.
struct ReportArguments {
    std::vector<std::string> documents;
    std::string output;
    /// Where npm has put what draws the charts.
    std::optional<std::string> chart_library;
};

/// `mmusim report`: results and explorations as one page. Throws InputError.
[[nodiscard]] ExitStatus report_command(const ReportArguments& arguments);

/// Adds `report`; what it is given goes to `arguments`, and that it is to be done to `chosen`.
void add_report_command(CLI::App& program, ReportArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
