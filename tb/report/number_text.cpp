// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mmusim::tb {

namespace {

constexpr std::string_view ellipsis = "…";

[[nodiscard]] bool begins_code_point(char byte) {
    constexpr unsigned top_bits = 0xC0;
    constexpr unsigned continuation = 0x80;
    return (static_cast<unsigned char>(byte) & top_bits) != continuation;
}

// A comma before every third of the whole digits, counted from the decimal point.
[[nodiscard]] std::string with_groups(std::string digits) {
    constexpr std::size_t group = 3;
    std::size_t position = std::min(digits.find('.'), digits.size());
    while (position > group) {
        position -= group;
        digits.insert(position, 1, ',');
    }
    return digits;
}

}  // namespace

std::string grouped(std::uint64_t number) {
    return with_groups(fmt::to_string(number));
}

std::string grouped_short(std::uint64_t number) {
    constexpr std::uint64_t shortened_from = 100'000'000;
    constexpr std::uint64_t tenth_of_million = 100'000;
    if (number < shortened_from) {
        return grouped(number);
    }
    const std::uint64_t tenths =
        number / tenth_of_million + (number % tenth_of_million >= tenth_of_million / 2 ? 1 : 0);
    return with_groups(fmt::format("{}.{}", tenths / 10, tenths % 10)) + " M";
}

std::string decimal(double number) {
    return with_groups(fmt::format("{:.2f}", number));
}

std::string quotient(std::uint64_t dividend, std::uint64_t divisor) {
    if (divisor == 0) {
        return std::string{no_number};
    }
    return decimal(static_cast<double>(dividend) / static_cast<double>(divisor));
}

std::string per_thousand(std::uint64_t events, std::uint64_t of) {
    constexpr std::uint64_t thousand = 1000;
    return quotient(events * thousand, of);
}

std::string percentage(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) {
        return std::string{no_number};
    }
    constexpr double smallest_shown = 0.005;
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    return part != 0 && percent < smallest_shown ? "< 0.01 %" : fmt::format("{:.2f} %", percent);
}

std::string rounded(double number) {
    const double size = std::abs(number);
    const std::string digits = size != 0 && size < 1 ? fmt::format("{:.4g}", size)
                                                     : with_groups(fmt::format("{:.2f}", size));
    return (number < 0 ? "-" : "") + digits;
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string binary_size(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    constexpr double step = 1024;
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= step && unit + 1 < units.size()) {
        size /= step;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, units.at(unit));
}

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_code_point));
}

std::string end_of(std::string_view text, std::size_t columns) {
    const std::size_t all = columns_of(text);
    if (all <= columns) {
        return std::string{text};
    }
    std::size_t too_many = all - columns + columns_of(ellipsis);
    const auto* const begin = std::find_if(text.begin(), text.end(), [&](char byte) {
        return begins_code_point(byte) && too_many-- == 0;
    });
    return std::string{ellipsis}.append(begin, text.end());
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indentation) {
    std::string lines;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (used != 0 && used + 1 + columns_of(word) > columns) {
            lines += '\n' + std::string(indentation, ' ');
            used = indentation;
        } else if (used != 0) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += columns_of(word);
    }
    return lines;
}

}  // namespace mmusim::tb
