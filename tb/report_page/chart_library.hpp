// SPDX-License-Identifier: Apache-2.0
// What draws the charts: Vega, Vega-Lite and Vega-Embed, which npm brings. They are copied into the
// page as they are, so neither node nor a network is needed to make the page or to look at it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// One package: what the page carries of it.
struct ChartScript {
    std::string package;
    std::string version;
    std::string text;
    std::string licence;
};

/// In the order in which they are to be run.
using ChartLibrary = std::vector<ChartScript>;

/// Where it is looked for if the command line says nothing: where the environment variable
/// MMUSIM_VEGA says, or else in the source folder that the program was built from.
[[nodiscard]] std::filesystem::path default_chart_library_directory();

/// Reads what npm has put below `directory`. None where any of it is missing.
[[nodiscard]] std::optional<ChartLibrary> read_chart_library(
    const std::filesystem::path& directory);

/// The one command that brings it there.
[[nodiscard]] std::string chart_library_command(const std::filesystem::path& directory);

}  // namespace mmusim::tb
