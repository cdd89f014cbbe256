// SPDX-License-Identifier: Apache-2.0
// Machines by chance, and programs whose fate does not depend on the machine.
#pragma once

#include "hw/base/random.hpp"
#include "sw/statistics.hpp"
#include "tests/tb/system/machine.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests {

/// Settings over the preset plain: the shape of the TLBs and how they are chained, latencies,
/// replacement, memory, caches, walkers, the core and its data path, for pages of that mode.
[[nodiscard]] std::vector<std::string> random_hardware_settings(Random& random,
                                                                std::string_view mode);

/// Those, and the mode, the operating system's costs and how processes take turns.
[[nodiscard]] std::vector<std::string> random_settings(Random& random);

/// Some programs with their regions: most live in them; one strays outside at its end, one writes
/// where it may only read. `os.implicit_mapping` must be off.
[[nodiscard]] std::vector<TestProgram> random_programs(Random& random);

/// What a machine with enough memory must answer a program, however it is built.
struct Fate {
    std::uint64_t accesses = 0;
    std::uint64_t minor_faults = 0;
    std::uint64_t resident_pages = 0;
    std::optional<sw::Signal> signal{};
    /// The pages that it could touch, from the lowest.
    std::vector<std::uint64_t> touched_pages{};

    bool operator==(const Fate&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Fate& fate);

[[nodiscard]] Fate fate_of(const TestProgram& program, bool zero_page);

/// Runs some programs on some machine, in a child process. Says what breaks a law or differs from
/// the programs' fates, a line each; nothing if all is well.
[[nodiscard]] std::string surprises_of_random_run(std::uint64_t seed);

}  // namespace mmusim::tests
