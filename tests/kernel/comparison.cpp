// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/comparison.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace mmusim::tests {

namespace {

constexpr int most_runs = 5;
constexpr std::chrono::milliseconds between_runs{100};

[[nodiscard]] bool any_differs(const Comparison& comparison) {
    return std::any_of(comparison.begin(), comparison.end(),
                       [](const ComparedLine& line) { return line.differs(); });
}

/// What is known of a line that differed so far, after one more run.
[[nodiscard]] ComparedLine after_one_more(const ComparedLine& known, const ComparedLine& more) {
    if (!more.differs() || more.kernel == known.kernel) {
        return more;
    }
    ComparedLine result = more;
    result.left_out = {.reason = "the kernel's figures change from run to run on this machine",
                       .since_line = more.line};
    return result;
}

}  // namespace

Comparison beside(const tb::Script& script, const ModelRun& model, const KernelRun& kernel) {
    const std::size_t steps = script.steps.size();
    if (model.figures.size() != steps || kernel.steps.size() != steps) {
        throw std::runtime_error("model and kernel have not done as many lines as the script has");
    }
    Comparison comparison;
    comparison.reserve(steps);
    for (std::size_t index = 0; index < steps; ++index) {
        const tb::ScriptStep& step = script.steps[index];
        ComparedLine line{.line = step.line,
                          .text = step.text,
                          .model = model.figures[index],
                          .kernel = kernel.steps[index].figures,
                          .left_out = kernel.steps[index].left_out};
        if (line.differs() && kernel.huge_pages_ran_short) {
            line.left_out = {.reason = "no huge page was free on this machine",
                             .since_line = step.line};
        }
        comparison.push_back(std::move(line));
    }
    return comparison;
}

Comparison compare(const tb::Script& script, const ModelRun& model,
                   const std::function<KernelRun()>& run_kernel) {
    Comparison known = beside(script, model, run_kernel());
    for (int run = 1; run < most_runs && any_differs(known); ++run) {
        std::this_thread::sleep_for(between_runs);
        const Comparison more = beside(script, model, run_kernel());
        for (std::size_t index = 0; index < known.size(); ++index) {
            if (known[index].differs()) {
                known[index] = after_one_more(known[index], more[index]);
            }
        }
    }
    return known;
}

void Summary::add(const Comparison& comparison) {
    for (const ComparedLine& line : comparison) {
        if (line.left_out) {
            ++left_out[line.left_out->reason];
            if (!line.left_out->was_done && !missing) {
                missing = line.left_out->reason;
            }
        } else if (line.differs()) {
            ++different;
        } else {
            ++same;
        }
    }
}

std::size_t Summary::lines() const {
    std::size_t sum = compared();
    for (const auto& [reason, count] : left_out) {
        sum += count;
    }
    return sum;
}

}  // namespace mmusim::tests
