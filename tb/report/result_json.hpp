// SPDX-License-Identifier: Apache-2.0
// The results that programs read. docs/statistics.md says what each figure means.
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/system/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace mmusim::tb {

/// Every figure of a run, and the machine and the workload that made it. The same run gives the
/// same document; only `host`, present where the run was timed, differs.
[[nodiscard]] nlohmann::ordered_json to_json(const RunResult& result,
                                             const Configuration& configuration,
                                             std::string_view systemc_version);

/// The same as text, with a newline at its end. Names that are not UTF-8 are made so.
[[nodiscard]] std::string to_text(const RunResult& result, const Configuration& configuration,
                                  std::string_view systemc_version);

}  // namespace mmusim::tb
