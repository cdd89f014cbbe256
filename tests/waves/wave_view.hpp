// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests {

/// One signal that a view shows.
struct ViewedSignal {
    std::string name;  ///< the full name, with its range of bits
    std::optional<std::string> filter{};
};

/// What a save file of GTKWave says, as far as it can be wrong.
struct WaveView {
    std::string wave_file;
    std::string own_name;
    std::vector<ViewedSignal> signals;
    /// By name; times in units of the wave file's timescale.
    std::map<std::string, std::uint64_t> markers;
    std::uint64_t begin = 0;
    double zoom = 0;
};

/// Throws std::runtime_error at a line that is not understood.
[[nodiscard]] WaveView read_wave_view(const std::string& path);

/// The names of a filter file by the digits that the viewer shows. Throws std::runtime_error at a
/// line that is not VALUE ?COLOUR?NAME.
[[nodiscard]] std::map<std::string, std::string> read_wave_filter(const std::string& path);

}  // namespace mmusim::tests
