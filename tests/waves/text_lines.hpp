// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace mmusim::tests {

/// The lines of a file. Throws std::runtime_error where there are none.
[[nodiscard]] inline std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    if (lines.empty()) {
        throw std::runtime_error(fmt::format("{}: cannot be read", path));
    }
    return lines;
}

}  // namespace mmusim::tests
