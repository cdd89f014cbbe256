// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mmusim::tb {

/// A document as a file holds it: indented, with a newline at its end. Names that are not UTF-8 are
/// made so.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& document);

/// The same on one line, without a newline.
[[nodiscard]] std::string json_line(const nlohmann::ordered_json& document);

}  // namespace mmusim::tb
