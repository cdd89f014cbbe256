// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explain/explanation.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::string_view explanation_schema = "mmusim-explanation";

/// Raised when a name is removed or changes its meaning; new names do not raise it.
inline constexpr std::uint64_t explanation_schema_version = 1;

/// The explanation as JSON, with a newline at its end.
[[nodiscard]] std::string to_text(const Explanation& explanation);

}  // namespace mmusim::tb
