// SPDX-License-Identifier: Apache-2.0
// Workload scripts on the kernel of this machine: its own mmap, fork, madvise and getrusage.
#pragma once

#include "tb/workload/script_command.hpp"
#include "tests/kernel/figures.hpp"
#include "tests/kernel/host.hpp"
#include "tests/kernel/script_knobs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests {

/// Why a line has no figures that could be compared.
struct LeftOut {
    std::string reason;
    std::uint64_t since_line = 0;  ///< the line that is the cause: this one or one before it
    bool was_done = true;          ///< else nothing is done any more
};

struct KernelStep {
    std::optional<Figures> figures{};
    std::optional<LeftOut> left_out{};  ///< if there are no figures
};

struct KernelRun {
    /// One for each step of the script, in their order.
    std::vector<KernelStep> steps;
    /// Somebody on this machine wanted a huge page meanwhile, and there was none.
    bool huge_pages_ran_short = false;
};

/// Runs the script. Regions lie where the script's language places them; each process is one of
/// this machine, and all of them run on the caller's processor if it has but one. Throws
/// MachineRefusal if this machine does not let it.
[[nodiscard]] KernelRun run_on_kernel(const tb::Script& script, const ScriptKnobs& knobs,
                                      const HostFacts& host);

}  // namespace mmusim::tests
