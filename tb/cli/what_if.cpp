// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/what_if.hpp"

#include "tb/cli/workload.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"
#include "tb/jobs/child_processes.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace mmusim::tb {

namespace {

// What is simulated, and judged; all that is written is the run's own.
RunOptions without_outputs(const RunOptions& options) {
    return {.warmup = options.warmup, .limit = options.limit, .check = options.check};
}

// The run itself works, too.
std::size_t others_at_once() {
    return std::max<std::size_t>(usable_processors(), 2) - 1;
}

void take(const std::optional<JobOutcome>& outcome, WhatIfRow& row) {
    row.cycles.reset();
    if (!outcome) {
        row.failure = "interrupted";
    } else if (const auto* const failure = std::get_if<JobFailure>(&*outcome)) {
        row.failure = failure->message;
    } else {
        row.cycles = Cycles{parse_unsigned(answer_of(*outcome)).value()};
    }
}

}  // namespace

WhatIf::WhatIf(const Configuration& configuration, const WorkloadArguments& workload,
               const std::optional<Script>& script, const RunOptions& options) {
    check_workload_readable_twice(workload, script, "--what-if");
    const std::string as_it_is = to_text(configuration);
    std::vector<Configuration> machines;
    for (Ideal& ideal : ideals_of(configuration)) {
        Configuration machine = with_settings(configuration, ideal.settings);
        if (to_text(machine) != as_it_is) {
            differing_.push_back(rows_.size());
            machines.push_back(std::move(machine));
        }
        rows_.push_back({.ideal = std::move(ideal)});
    }
    const RunOptions quiet = without_outputs(options);
    runs_.emplace(machines.size(), others_at_once(), [&](std::size_t run) {
        const RunResult result = simulate_workload(machines[run], workload, script, quiet);
        return fmt::format("{}", result.totals.cycles.value);
    });
}

std::vector<WhatIfRow> WhatIf::rows(Cycles base, const std::atomic<bool>& interrupted) {
    runs_->let_another_work();
    for (WhatIfRow& row : rows_) {
        row.cycles = base;
    }
    const std::vector<std::optional<JobOutcome>> outcomes = runs_->wait(interrupted);
    for (std::size_t run = 0; run < outcomes.size(); ++run) {
        take(outcomes[run], rows_[differing_[run]]);
    }
    return rows_;
}

}  // namespace mmusim::tb
