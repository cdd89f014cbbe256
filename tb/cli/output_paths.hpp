// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// What names standard output where a file is expected.
inline constexpr std::string_view standard_output = "-";

/// The file that an output's name stands for.
[[nodiscard]] std::string file_named(const std::string& output);

/// Throws InputError where an output is an input, or is named twice.
void check_outputs(const std::vector<std::string>& inputs,
                   const std::vector<std::optional<std::string>>& outputs);

/// Throws InputError if not all that was printed has been taken.
void finish_standard_output();

}  // namespace mmusim::tb
