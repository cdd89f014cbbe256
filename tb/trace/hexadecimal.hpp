// SPDX-License-Identifier: Apache-2.0
// Hexadecimal numbers in lines of text that end in a newline.
#pragma once

#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::uint8_t not_a_digit = 0xff;

inline constexpr auto hexadecimal_digits = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_a_digit);
    constexpr std::string_view lower_case = "0123456789abcdef";
    constexpr std::string_view upper_case = "0123456789ABCDEF";
    for (std::uint8_t digit = 0; digit < 16; ++digit) {
        values[static_cast<unsigned char>(lower_case[digit])] = digit;
        values[static_cast<unsigned char>(upper_case[digit])] = digit;
    }
    return values;
}();

/// Reads 1 to 16 digits at `cursor`, which it advances behind them. Something that is no digit
/// follows them, a newline at the latest.
[[nodiscard]] inline std::optional<VirtualAddress> take_address(const char*& cursor) {
    const char* const begin = cursor;
    std::uint64_t value = 0;
    std::uint8_t digit = hexadecimal_digits[static_cast<unsigned char>(*cursor)];
    while (digit != not_a_digit) {
        value = value << 4U | digit;
        ++cursor;
        digit = hexadecimal_digits[static_cast<unsigned char>(*cursor)];
    }
    const auto digits = cursor - begin;
    return digits >= 1 && digits <= 16 ? std::optional(VirtualAddress{value}) : std::nullopt;
}

}  // namespace mmusim::tb
