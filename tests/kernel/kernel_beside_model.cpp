// SPDX-License-Identifier: Apache-2.0
// kernel_beside_model SCRIPT...: what the model and the kernel of this machine do at each line of
// workload scripts, in tables. Exit status: 0; 1 if a line differs; 2 if a script cannot be run; 77
// if this machine cannot do every line, or a line differs and its kernel is none that the model's
// rules were measured on.
#include "tb/workload/script_reader.hpp"
#include "tests/kernel/comparison.hpp"
#include "tests/kernel/comparison_text.hpp"
#include "tests/kernel/host.hpp"
#include "tests/kernel/machine_refusal.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <sched.h>
#include <span>
#include <string>

namespace mmusim::tests {

namespace {

constexpr int all_same = 0;
constexpr int some_differ = 1;
constexpr int not_possible = 2;
constexpr int skipped = 77;

/// This process and its children run on one processor from now on: another one keeps new pages on a
/// list of its own, which a madvise here does not reach.
void keep_to_one_processor() {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    ::sched_setaffinity(0, sizeof one, &one);
}

int skip(const std::string& reason) {
    fmt::print("SKIPPED: {}\n", reason);
    return skipped;
}

[[nodiscard]] Comparison compare_script(const std::string& path, const HostFacts& host) {
    const tb::Script script = tb::read_script(path);
    const ModelRun model = run_on_model(path);
    return compare(script, model, [&] { return run_on_kernel(script, model.knobs, host); });
}

int status_of(const Summary& summary, const HostFacts& host) {
    if (summary.different != 0 && host.is_measured) {
        return some_differ;
    }
    if (summary.different != 0) {
        return skip(fmt::format("on Linux {} the rules of the model were never measured",
                                kernel_release()));
    }
    return summary.missing ? skip(*summary.missing) : all_same;
}

int run(std::span<const char* const> paths) {
    if (const auto reason = why_not_here()) {
        return skip(*reason);
    }
    const HostFacts host = facts_of_host();
    Summary summary;
    for (const char* const path : paths) {
        const Comparison comparison = compare_script(path, host);
        summary.add(comparison);
        fmt::print("{}\n", table_of(path, comparison));
    }
    fmt::print("Linux {}\n{}", kernel_release(), text_of(summary));
    return status_of(summary, host);
}

}  // namespace

}  // namespace mmusim::tests

int main(int argument_count, const char* const arguments[]) {
    using namespace mmusim::tests;
    if (argument_count < 2) {
        fmt::print(stderr, "Usage: kernel_beside_model SCRIPT...\n");
        return not_possible;
    }
    try {
        keep_to_one_processor();
        return run(std::span(arguments, static_cast<std::size_t>(argument_count)).subspan(1));
    } catch (const MachineRefusal& refusal) {
        return skip(fmt::format("this machine does not let it: {}", refusal.what()));
    } catch (const std::exception& error) {
        fmt::print(stderr, "kernel_beside_model: {}\n", error.what());
        return not_possible;
    }
}
