// SPDX-License-Identifier: Apache-2.0
// Points as a sweep writes them, made by hand.
#pragma once

#include "tb/sweep/point_record.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mmusim::tests {

[[nodiscard]] inline std::string done_point(std::size_t point, std::size_t points,
                                            std::string_view keys, std::string_view result) {
    return tb::line_of({.point = point,
                        .points = points,
                        .keys = nlohmann::ordered_json::parse(keys),
                        .result = nlohmann::ordered_json::parse(result)});
}

[[nodiscard]] inline std::string failed_point(std::size_t point, std::size_t points,
                                              std::string_view keys, const std::string& error) {
    return tb::line_of({.point = point,
                        .points = points,
                        .keys = nlohmann::ordered_json::parse(keys),
                        .error = error});
}

[[nodiscard]] inline std::string interrupted_point_at(std::size_t point, std::size_t points,
                                                      std::string_view keys) {
    return tb::line_of({.point = point,
                        .points = points,
                        .keys = nlohmann::ordered_json::parse(keys),
                        .error = std::string(tb::interrupted_point),
                        .interrupted = true});
}

}  // namespace mmusim::tests
