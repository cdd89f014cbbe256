// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string_view>

namespace mmusim::tb {

/// Reads JSON, comments allowed. Throws InputError that begins with `NAME:LINE:` where the text is
/// not JSON, a number is too large to be one, or an object has the same key twice.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string_view name);

/// Reads a file of JSON. Throws InputError also where the file cannot be read.
[[nodiscard]] nlohmann::json read_json_file(const std::filesystem::path& path);

}  // namespace mmusim::tb
