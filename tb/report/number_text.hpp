// SPDX-License-Identifier: Apache-2.0
// Numbers and names as a person reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// What stands where there is no number: the mean of nothing, a share of nothing.
inline constexpr std::string_view no_number = "-";

/// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t number);

/// The number itself below a hundred millions; above, millions: "1,234.6 M".
[[nodiscard]] std::string grouped_short(std::uint64_t number);

/// "1,234.57": two digits after the point.
[[nodiscard]] std::string decimal(double number);

/// The quotient, with its whole digits grouped: "1,234.57"; no_number for a division by 0.
[[nodiscard]] std::string quotient(std::uint64_t dividend, std::uint64_t divisor);

/// How many events there are for each thousand of the others, as a quotient.
[[nodiscard]] std::string per_thousand(std::uint64_t events, std::uint64_t of);

/// "97.30 %"; what is there but too small to see is "< 0.01 %"; no_number for a share of nothing.
[[nodiscard]] std::string percentage(std::uint64_t part, std::uint64_t whole);

/// Two decimals, or four digits where the number is less than 1: "1,234.57", "0.001234". Whole
/// digits are grouped.
[[nodiscard]] std::string rounded(double number);

/// "1 walker", "2 walkers"
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

/// "34.1 MiB": the size in the largest binary unit that leaves at least 1.
[[nodiscard]] std::string binary_size(std::uint64_t bytes);

/// How many columns a terminal gives the text: one for each code point.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// The text, or, where it takes more than `columns`, an ellipsis and as much of its end as fits:
/// of a path the end tells more.
[[nodiscard]] std::string end_of(std::string_view text, std::size_t columns);

/// The text, broken at spaces into lines of at most `columns`; a longer word has a line of its own.
/// Lines after the first begin with `indentation` spaces.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t columns,
                                  std::size_t indentation);

}  // namespace mmusim::tb
