// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/trace/trace_survey.hpp"

#include <string>
#include <string_view>

namespace mmusim::tb {

/// What a trace holds, as a person reads it. `name` is what the trace is called.
[[nodiscard]] std::string trace_report(std::string_view name, const TraceSurvey& survey);

}  // namespace mmusim::tb
