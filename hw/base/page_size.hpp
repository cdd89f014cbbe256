// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <fmt/format.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmusim {

/// The size of one page: a power of two of at least 4 KiB.
struct PageSize {
    std::uint8_t log2_bytes = page_offset_bits;

    constexpr auto operator<=>(const PageSize&) const = default;

    [[nodiscard]] constexpr std::uint64_t bytes() const { return std::uint64_t{1} << log2_bytes; }

    /// How many of the low bits of a 4 KiB page number lie inside one page of this size.
    [[nodiscard]] constexpr unsigned page_number_bits_inside() const {
        return static_cast<unsigned>(log2_bytes) - page_offset_bits;
    }
};

inline constexpr PageSize base_page_size{};

/// The number of the page of `size` that holds the 4 KiB page `page`.
template <typename Space>
[[nodiscard]] constexpr std::uint64_t page_number_in_units_of(PageSize size,
                                                              PageNumber<Space> page) {
    return page.value >> size.page_number_bits_inside();
}

/// "4KiB", "2MiB", "1GiB" …
[[nodiscard]] inline std::string to_text(PageSize size) {
    constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    const unsigned unit = size.log2_bytes / 10U;
    return fmt::format("{}{}", std::uint64_t{1} << (size.log2_bytes % 10U), units.at(unit));
}

}  // namespace mmusim

template <>
struct fmt::formatter<mmusim::PageSize> : fmt::formatter<std::string_view> {
    auto format(mmusim::PageSize size, format_context& context) const {
        return fmt::formatter<std::string_view>::format(mmusim::to_text(size), context);
    }
};
