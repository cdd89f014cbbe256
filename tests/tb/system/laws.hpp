// SPDX-License-Identifier: Apache-2.0
// What is true of every result of every machine.
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"
#include "tb/system/system_module.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tests {

/// The laws that these figures break, each with its two sides; empty when all is well.
[[nodiscard]] std::vector<std::string> broken_laws(const tb::Configuration& configuration,
                                                   const tb::RunResult& result);

/// All is well.
inline const std::vector<std::string> none_broken;

/// What a monitor has seen.
struct SocketFigures {
    std::uint64_t requests = 0;
    std::uint64_t answers = 0;
    PerEnumerator<hw::MemoryPurpose, std::uint64_t> by_purpose{};
};

/// What can be seen of a machine itself, after a run with monitors.
struct MachineFigures {
    std::map<std::string, SocketFigures> sockets{};  ///< by "l1d to l2"
    std::map<std::string, std::uint64_t> tlb_entries{};
    std::map<std::string, std::uint64_t> cache_lines{};
};

[[nodiscard]] MachineFigures machine_figures(const tb::Configuration& configuration,
                                             const tb::SystemModule& system);

/// Those, and the laws between the figures of a run without warm-up and the machine that it leaves.
[[nodiscard]] std::vector<std::string> broken_laws(const tb::Configuration& configuration,
                                                   const tb::RunResult& result,
                                                   const MachineFigures& machine);

}  // namespace mmusim::tests
