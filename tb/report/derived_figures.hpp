// SPDX-License-Identifier: Apache-2.0
// Figures that follow from the counted ones.
#pragma once

#include "tb/system/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tb {

/// Each is missing where there is nothing to divide by.
struct DerivedFigures {
    /// All cycles of the run, divided by the translations: less than the mean latency where
    /// translations overlap.
    std::optional<double> cycles_per_translation;
    /// Of each TLB, in the order of the result. Misses of retries count, as they do in `misses`.
    std::vector<std::pair<std::string, std::optional<double>>> misses_per_1000_accesses;
    std::optional<double> walks_per_1000_accesses;
};

[[nodiscard]] DerivedFigures derived_figures(const RunResult& result);

/// Under which a result has them.
inline constexpr const char* derived_name = "derived";

/// What is missing is null.
[[nodiscard]] nlohmann::ordered_json to_json(const DerivedFigures& figures);

}  // namespace mmusim::tb
