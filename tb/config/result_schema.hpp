// SPDX-License-Identifier: Apache-2.0
// What the results of a run call themselves in JSON. They are written by tb/report and can be given
// as a configuration, which they hold.
#pragma once

#include <cstdint>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::string_view result_schema = "mmusim-result";

/// Raised when a name is removed or changes its meaning; new names do not raise it.
inline constexpr std::uint64_t result_schema_version = 1;

}  // namespace mmusim::tb
