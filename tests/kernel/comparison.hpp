// SPDX-License-Identifier: Apache-2.0
// The kernel's figures of a script beside the model's.
#pragma once

#include "tb/workload/script_command.hpp"
#include "tests/kernel/figures.hpp"
#include "tests/kernel/interpreter.hpp"
#include "tests/kernel/model.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests {

struct ComparedLine {
    std::uint64_t line = 0;
    std::string text{};
    Figures model{};
    std::optional<Figures> kernel{};
    std::optional<LeftOut> left_out{};  ///< none: the figures must be equal

    [[nodiscard]] bool differs() const { return !left_out && kernel != model; }
};

using Comparison = std::vector<ComparedLine>;

/// One run of each, line by line.
[[nodiscard]] Comparison beside(const tb::Script& script, const ModelRun& model,
                                const KernelRun& kernel);

/// The model beside as many runs of the kernel as it takes to be sure. What else a machine does can
/// add faults to a line; a rule gives the same figures each time. So a line differs if every run
/// gives it the same other figures than the model. If one run agrees with the model, it is the
/// same; if they only disagree with each other, it is left out.
[[nodiscard]] Comparison compare(const tb::Script& script, const ModelRun& model,
                                 const std::function<KernelRun()>& run_kernel);

/// How many lines, for each outcome.
struct Summary {
    std::size_t same = 0;
    std::size_t different = 0;
    std::map<std::string, std::size_t> left_out{};  ///< by reason
    /// Why the first line that was not done was not; none: all were.
    std::optional<std::string> missing{};

    void add(const Comparison& comparison);
    [[nodiscard]] std::size_t compared() const { return same + different; }
    [[nodiscard]] std::size_t lines() const;
};

}  // namespace mmusim::tests
