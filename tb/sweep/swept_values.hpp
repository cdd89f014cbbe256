// SPDX-License-Identifier: Apache-2.0
// The values that one `-L` lists, as people type them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// No sweep has more points, so that a slip of the finger does not fill the memory.
inline constexpr std::size_t most_points = 100'000;

/// The parts of a text between separators that stand outside of quotes, brackets and braces, so
/// that a value may be a list or an object of JSON.
[[nodiscard]] std::vector<std::string_view> split_outside_brackets(std::string_view text,
                                                                   char separator);

/// The values of a list: what stands between commas, each a value or a range. Both ends of a range
/// belong to it:
///
///     1:4        1, 2, 3, 4
///     1:10:3     1, 4, 7, 10
///     1:64:x2    1, 2, 4 … 64
///
/// A range's numbers may be sizes, as 4KiB. Throws InputError for an empty value, for a range that
/// has no sense, and for more than `most_points` values.
[[nodiscard]] std::vector<std::string> listed_values(std::string_view list);

/// What a value is to the configuration: a number, true, false, null, a list or an object as in
/// JSON, the bytes of a size where the key takes one, or else text. Throws InputError for what
/// plainly begins as JSON and is none.
[[nodiscard]] nlohmann::json meaning_of(std::string_view key, std::string_view value);

}  // namespace mmusim::tb
