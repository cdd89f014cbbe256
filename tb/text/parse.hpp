// SPDX-License-Identifier: Apache-2.0
// Numbers, sizes and names as people type them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mmusim::tb {

/// A whole number, decimal or with 0x hexadecimal; nothing if the text is anything else or too
/// large.
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view text);

/// A number of bytes: a whole number, alone or followed by K, M, G or T with or without "iB". All
/// are binary multiples: "4KiB" and "4K" are 4096. Nothing if the text is anything else or too
/// large.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// The known name that is fewest edits (insertions, deletions, replacements) away from `wrong`, the
/// first of several; nothing if that would change more than half of the letters.
[[nodiscard]] std::optional<std::string_view> nearest_name(std::string_view wrong,
                                                           std::span<const std::string_view> known);

}  // namespace mmusim::tb
