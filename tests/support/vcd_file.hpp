// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tests {

/// A value that a signal takes on, and when, in units of the file's timescale.
struct VcdChange {
    std::uint64_t time = 0;
    std::uint64_t value = 0;

    bool operator==(const VcdChange&) const = default;
};

struct VcdSignal {
    unsigned width = 0;
    /// The first is the initial value.
    std::vector<VcdChange> changes;

    /// When it became that value, in order; its initial value counts.
    [[nodiscard]] std::vector<std::uint64_t> times_of(std::uint64_t value) const;
    [[nodiscard]] std::uint64_t value_at(std::uint64_t time) const;
};

/// A value change dump (IEEE 1364-2005, clause 18) of signals of up to 64 bits with values of 0 and
/// 1.
struct VcdFile {
    /// By full name as viewers show it: scopes and name with dots between them, and the range of
    /// bits if there are several, as in `top.core.state[1:0]`.
    std::map<std::string, VcdSignal> signals;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::string timescale;
};

/// Throws std::runtime_error at what is not understood, and at a signal without an initial value.
[[nodiscard]] VcdFile read_vcd(const std::string& path);

}  // namespace mmusim::tests
