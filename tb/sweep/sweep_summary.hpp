// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/sweep/heat_map.hpp"
#include "tb/sweep/point_record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The figure that is shown if nothing is said.
inline constexpr std::string_view default_shown_figure = "derived.cycles_per_translation";

/// The whole name of the figure that `wanted` means in this result. Throws InputError that names
/// the nearest, or all that are meant, where it is not one.
[[nodiscard]] std::string shown_figure(std::string_view wanted,
                                       const nlohmann::ordered_json& result);

/// A sweep as text: how many points there are, and the figure as a heat map over two keys, or else
/// a table of the keys, the figure, and the rates that people compare. `lines` are those of
/// point_record.hpp; of results with several seeds the means are shown. Throws what shown_figure()
/// throws.
[[nodiscard]] std::string sweep_summary(const std::vector<std::string>& lines,
                                        std::string_view wanted, const HeatMapPlace& place);

}  // namespace mmusim::tb
