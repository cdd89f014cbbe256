// SPDX-License-Identifier: Apache-2.0
#include "tb/text/parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <system_error>
#include <vector>

namespace mmusim::tb {

namespace {

struct SizeUnit {
    std::string_view name;
    unsigned log2_bytes = 0;
};

constexpr std::array<SizeUnit, 8> size_units{{{.name = "KiB", .log2_bytes = 10},
                                              {.name = "MiB", .log2_bytes = 20},
                                              {.name = "GiB", .log2_bytes = 30},
                                              {.name = "TiB", .log2_bytes = 40},
                                              {.name = "K", .log2_bytes = 10},
                                              {.name = "M", .log2_bytes = 20},
                                              {.name = "G", .log2_bytes = 30},
                                              {.name = "T", .log2_bytes = 40}}};

// Levenshtein's distance, row by row: row[i] is the distance of the first i letters of `left` from
// the letters of `right` seen so far.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(left.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (const char letter : right) {
        std::size_t diagonal = row.front();
        ++row.front();
        for (std::size_t i = 0; i < left.size(); ++i) {
            const std::size_t replaced = diagonal + (left[i] == letter ? 0 : 1);
            diagonal = row[i + 1];
            row[i + 1] = std::min({replaced, row[i] + 1, row[i + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) {
        text.remove_prefix(2);
    }
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || stopped != end) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto* const unit =
        std::find_if(size_units.begin(), size_units.end(),
                     [&](const SizeUnit& candidate) { return text.ends_with(candidate.name); });
    if (unit == size_units.end()) {
        return parse_unsigned(text);
    }
    text.remove_suffix(unit->name.size());
    const std::optional<std::uint64_t> count = parse_unsigned(text);
    if (!count || *count > std::numeric_limits<std::uint64_t>::max() >> unit->log2_bytes) {
        return std::nullopt;
    }
    return *count << unit->log2_bytes;
}

std::optional<std::string_view> nearest_name(std::string_view wrong,
                                             std::span<const std::string_view> known) {
    std::optional<std::string_view> nearest;
    std::size_t fewest_edits = std::numeric_limits<std::size_t>::max();
    for (const std::string_view name : known) {
        const std::size_t edits = edit_distance(wrong, name);
        if (edits < fewest_edits && 2 * edits <= std::max(wrong.size(), name.size())) {
            nearest = name;
            fewest_edits = edits;
        }
    }
    return nearest;
}

}  // namespace mmusim::tb
