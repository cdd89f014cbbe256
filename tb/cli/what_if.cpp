// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/what_if.hpp"

#include "tb/cli/workload.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

namespace mmusim::tb {

namespace {

// What is simulated, and judged; all that is written is the run's own.
RunOptions without_outputs(const RunOptions& options) {
    return {.warmup = options.warmup, .limit = options.limit, .check = options.check};
}

// The run itself works, too.
std::size_t others_at_once() {
    return std::max<std::size_t>(std::thread::hardware_concurrency(), 2) - 1;
}

}  // namespace

WhatIf::WhatIf(const Configuration& configuration, const WorkloadArguments& workload,
               const std::optional<Script>& script, const RunOptions& options) {
    check_workload_readable_twice(workload, script, "--what-if");
    const std::string as_it_is = to_text(configuration);
    std::vector<std::function<Cycles()>> runs;
    for (Ideal& ideal : ideals_of(configuration)) {
        const Configuration machine = with_settings(configuration, ideal.settings);
        if (to_text(machine) != as_it_is) {
            differing_.push_back(rows_.size());
            runs.emplace_back([machine, &workload, &script, quiet = without_outputs(options)] {
                return simulate_workload(machine, workload, script, quiet).totals.cycles;
            });
        }
        rows_.push_back({.ideal = std::move(ideal)});
    }
    runs_.emplace(runs, others_at_once());
}

std::vector<WhatIfRow> WhatIf::rows(Cycles base, const std::atomic<bool>& interrupted) {
    runs_->let_another_work();
    for (WhatIfRow& row : rows_) {
        row.cycles = base;
    }
    const std::vector<ChildEnd> ends = runs_->wait(interrupted);
    for (std::size_t run = 0; run < ends.size(); ++run) {
        WhatIfRow& row = rows_[differing_[run]];
        row.cycles = ends[run].cycles;
        row.failure = ends[run].failure;
    }
    return rows_;
}

}  // namespace mmusim::tb
