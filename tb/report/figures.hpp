// SPDX-License-Identifier: Apache-2.0
// The numbers of a result under dotted names, as the columns of a table have them.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// "tlbs.l1d.misses" and its number, as the result has it.
struct Figure {
    std::string name;
    nlohmann::ordered_json number;

    bool operator==(const Figure&) const = default;
};

/// Every number of a result, in its order, of a list of numbers each under its place, from 0.
/// Left out are the machine and the workload, what is of the host, and lists of anything else than
/// numbers: histograms, processes, steps, the timeline.
[[nodiscard]] std::vector<Figure> figures_of(const nlohmann::ordered_json& result);

/// The names that `wanted` may mean: itself if there is such a name, or else all that end in a dot
/// and `wanted`. A person need not say "derived.cycles_per_translation" whole.
[[nodiscard]] std::vector<std::string> figures_meant(std::string_view wanted,
                                                     const std::vector<std::string>& names);

}  // namespace mmusim::tb
