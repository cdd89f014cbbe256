// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report_page/report_document.hpp"

#include <string>

namespace mmusim::tests {

/// What the program writes of sample_result(), with a timeline of three entries and two steps.
[[nodiscard]] nlohmann::ordered_json sample_result_document();

/// What it writes of an exploration of a few hundred accesses.
[[nodiscard]] nlohmann::ordered_json sample_exploration_document();

/// What it writes of a sweep of two numbers of sets and three of ways, the last of which failed.
/// The cycles are 5000 and the number of the point.
[[nodiscard]] std::string sample_sweep_lines();

/// The document as a report reads it.
[[nodiscard]] tb::ReportDocument as_read(const nlohmann::ordered_json& document,
                                         const std::string& name = "sample.json");

}  // namespace mmusim::tests
