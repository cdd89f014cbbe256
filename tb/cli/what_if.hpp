// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/options.hpp"
#include "tb/config/configuration.hpp"
#include "tb/jobs/jobs_beside.hpp"
#include "tb/system/run_options.hpp"
#include "tb/what_if/what_if_row.hpp"
#include "tb/workload/script_command.hpp"

#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// A run again with each ideal of its machine in turn, beside the run itself.
class WhatIf {
  public:
    /// Starts the runs, in processes of their own; to be made before the first SystemC object of
    /// this one. Throws InputError where a trace can be read only once.
    WhatIf(const Configuration& configuration, const WorkloadArguments& workload,
           const std::optional<Script>& script, const RunOptions& options);

    /// Waits for them. `base` is what the run itself has taken: an ideal that the machine has
    /// already takes as long. Of those that have not ended when `interrupted` is set, a row says
    /// so.
    [[nodiscard]] std::vector<WhatIfRow> rows(Cycles base, const std::atomic<bool>& interrupted);

  private:
    std::vector<WhatIfRow> rows_;
    std::vector<std::size_t> differing_;  // the rows that have a run, in the order of the runs
    std::optional<JobsBeside> runs_;
};

}  // namespace mmusim::tb
