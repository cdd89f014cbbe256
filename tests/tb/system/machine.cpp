// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/system/machine.hpp"

#include "tb/config/resolve.hpp"
#include "tb/report/result_json.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/listed_accesses.hpp"
#include "tests/tb/trace/traces.hpp"

#include <memory>
#include <span>

namespace mmusim::tests {

tb::Configuration machine(const std::string& preset, const std::vector<std::string>& settings) {
    return tb::resolve({.preset = preset, .files = {}, .settings = settings});
}

tb::RunResult run(const tb::Configuration& configuration, const std::vector<TestProgram>& programs,
                  const tb::RunOptions& options, const tb::Inspector& inspect) {
    std::vector<std::unique_ptr<ListedAccesses>> sources;
    std::vector<tb::Program> wired;
    wired.reserve(programs.size());
    const auto source_of = [&sources](const TestProgram& program) -> AccessSource& {
        sources.push_back(std::make_unique<ListedAccesses>(std::span(program.accesses)));
        return *sources.back();
    };
    for (const TestProgram& program : programs) {
        wired.push_back({.name = program.name,
                         .origin = program.name,
                         .accesses = source_of(program),
                         .foreseen = &source_of(program),
                         .regions = program.regions});
    }
    return tb::simulate(configuration, wired, options, inspect);
}

tb::RunResult run(const tb::Configuration& configuration, const std::vector<Access>& accesses,
                  const tb::RunOptions& options, const tb::Inspector& inspect) {
    std::vector<TestProgram> programs(1);
    programs.front().accesses = accesses;
    return run(configuration, programs, options, inspect);
}

std::string run_in_child(const tb::Configuration& configuration,
                         const std::vector<TestProgram>& programs, const tb::RunOptions& options,
                         const tb::Inspector& inspect) {
    return in_child_process([&] {
        return tb::to_text(run(configuration, programs, options, inspect), configuration, "");
    });
}

std::vector<Access> shipped_trace() {
    return accesses_of(std::string(MMUSIM_TRACES) + "/sqlite-group-by.mmutrace.xz");
}

}  // namespace mmusim::tests
