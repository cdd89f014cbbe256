// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/trace/trace_survey.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::string_view trace_schema = "mmusim-trace-info";

/// Raised when a name is removed or changes its meaning; new names do not raise it.
inline constexpr std::uint64_t trace_schema_version = 1;

/// What a trace holds, as JSON, with a newline at its end. A name that is not UTF-8 is made so.
[[nodiscard]] std::string to_text(const SurveyedTrace& surveyed, const std::string& name);

}  // namespace mmusim::tb
