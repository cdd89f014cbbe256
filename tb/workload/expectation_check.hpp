// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/script_command.hpp"
#include "tb/workload/step_result.hpp"

#include <stdexcept>
#include <string>

namespace mmusim::tb {

/// A line did something else than its `expect` says; `what()` names the line.
class ExpectationFailure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Throws ExpectationFailure if the step did something else than one of its `expect` lines says.
/// `path` is that of the script.
void check_expectations(const std::string& path, const ScriptStep& step, const StepResult& result);

}  // namespace mmusim::tb
