// SPDX-License-Identifier: Apache-2.0
// Values from outside, made fit for one line of a message.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::size_t longest_shown = 100;

/// The text, cut after `longest_shown` bytes.
[[nodiscard]] std::string shortened(std::string_view text);

/// The value as JSON, or what it is where it would not fit: "a list", "an object".
[[nodiscard]] std::string shown_value(const nlohmann::json& value);

}  // namespace mmusim::tb
