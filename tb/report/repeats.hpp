// SPDX-License-Identifier: Apache-2.0
// The same run with several seeds: what of its figures is chance.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tb {

/// A figure over several runs.
struct Spread {
    double mean = 0;
    /// The standard deviation of a sample, which divides by one less than the number of runs; 0 of
    /// one run.
    double spread = 0;
    double minimum = 0;
    double maximum = 0;

    bool operator==(const Spread&) const = default;
};

/// Of at least one number.
[[nodiscard]] Spread spread_of(const std::vector<double>& numbers);

/// One run of several.
struct SeededResult {
    std::uint64_t seed = 0;
    nlohmann::ordered_json result;
};

/// Under which a result has them.
inline constexpr const char* repeats_name = "repeats";

/// The seeds, and of every figure that all results have its mean, spread, minimum and maximum. At
/// least one result.
[[nodiscard]] nlohmann::ordered_json repeats_json(const std::vector<SeededResult>& results);

/// The first result, with what became of its figures in all.
[[nodiscard]] nlohmann::ordered_json with_repeats(const std::vector<SeededResult>& results);

/// The figures that a person compares first, as a table in plain text, with a newline at its end.
/// `repeats` is what repeats_json() makes.
[[nodiscard]] std::string repeats_section(const nlohmann::ordered_json& repeats);

}  // namespace mmusim::tb
