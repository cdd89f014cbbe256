// SPDX-License-Identifier: Apache-2.0
// What a page of docs/ tells of a recording.
#pragma once

#include "tests/support/vcd_file.hpp"
#include "tests/waves/wave_view.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests {

/// A row of a table `| cycle | signal | becomes | what happens |`.
struct ToldStep {
    std::uint64_t cycle = 0;
    std::string signal;  ///< without the outermost scopes and the range of bits
    std::string value;   ///< a number, or a state by name
    std::optional<std::string> marker{};
    std::string row;
};

/// A row of a table `| from | to | cycles | by hand | |`: how long it is from one marker to
/// another.
struct ToldTime {
    std::string from;
    std::string to;
    std::uint64_t cycles = 0;
    std::string by_hand;
    std::string row;
};

[[nodiscard]] std::vector<ToldStep> steps_of(const std::vector<std::string>& page);
[[nodiscard]] std::vector<ToldTime> times_of(const std::vector<std::string>& page);

/// The value of a sum such as `1 + 7 + 3 × (1 + 20)`. Throws std::runtime_error at anything else.
[[nodiscard]] std::uint64_t worked_out(const std::string& sum);

/// As pages write it: the name without the outermost scopes and the range of bits.
[[nodiscard]] std::string short_name(const std::string& signal);

/// Judges each step by the recording. The view says which names the states have.
void check_steps(const std::vector<ToldStep>& steps, const WaveView& view, const VcdFile& recording,
                 std::uint64_t period_ps);

}  // namespace mmusim::tests
