// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration_plan.hpp"

#include "tb/explore/lru_point.hpp"
#include "tb/text/parse.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace mmusim::tb {

namespace {

constexpr bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

// "12.5" in thousandths, for three decimals: 12500.
std::optional<std::uint64_t> parse_fixed_point(std::string_view text, std::size_t decimals) {
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string digits{text.substr(0, point)};
    const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    const bool whole_fraction = point == text.size() || !fraction.empty();
    if (digits.empty() || !whole_fraction || fraction.size() > decimals) {
        return std::nullopt;
    }
    digits += fraction;
    digits.append(decimals - fraction.size(), '0');
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) {
        return std::nullopt;
    }
    return parse_unsigned(
        digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1)));
}

}  // namespace

std::optional<TlbShape> parse_shape(std::string_view text) {
    const std::size_t cross = text.find('x');
    if (cross == std::string_view::npos || cross == 0 || !is_digit(text[cross - 1])) {
        return std::nullopt;
    }
    const std::optional<std::uint64_t> sets = parse_unsigned(text.substr(0, cross));
    const std::optional<std::uint64_t> ways = parse_unsigned(text.substr(cross + 1));
    const bool possible =
        sets && ways && *sets > 0 && *ways > 0 && *sets <= most_entries_of_point / *ways;
    if (!possible) {
        return std::nullopt;
    }
    return TlbShape{.sets = *sets, .ways = *ways};
}

std::optional<MissRate> parse_miss_rate(std::string_view text) {
    constexpr std::size_t decimals_of_percent = 4;
    constexpr std::size_t decimals_of_thousand = 3;
    constexpr std::uint64_t million = 1'000'000;
    const bool percent = text.ends_with('%');
    const std::optional<std::uint64_t> per_million =
        percent ? parse_fixed_point(text.substr(0, text.size() - 1), decimals_of_percent)
                : parse_fixed_point(text, decimals_of_thousand);
    if (!per_million || *per_million > million) {
        return std::nullopt;
    }
    return MissRate{*per_million};
}

std::optional<PageSize> parse_page_size(std::string_view text) {
    constexpr std::uint64_t largest = std::uint64_t{1} << 40U;
    const std::optional<std::uint64_t> bytes = parse_size(text);
    const bool possible =
        bytes && *bytes >= page_bytes && *bytes <= largest && std::has_single_bit(*bytes);
    if (!possible) {
        return std::nullopt;
    }
    return PageSize{static_cast<std::uint8_t>(std::countr_zero(*bytes))};
}

}  // namespace mmusim::tb
