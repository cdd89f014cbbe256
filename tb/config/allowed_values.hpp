// SPDX-License-Identifier: Apache-2.0
// Which values a parameter may take, as a rule and in words. Messages and documentation share the
// words.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// No parameter is a longer time than this, so that sums of a run's cycles stay far from the end of
/// their type.
inline constexpr std::uint64_t longest_duration_cycles = 1'000'000'000'000;

/// Whether a key's values may be written as text with a unit or in hexadecimal: "4KiB",
/// "0x80000000".
[[nodiscard]] constexpr bool takes_sizes(std::string_view key) {
    return key.ends_with("_bytes") || key.ends_with("_address");
}

/// The part of `range` that `Number` can hold.
template <typename Number>
[[nodiscard]] constexpr Range range_within(Range range) {
    const std::uint64_t largest = [] {
        if constexpr (std::same_as<Number, Cycles>) {
            return longest_duration_cycles;
        } else {
            return std::uint64_t{std::numeric_limits<Number>::max()};
        }
    }();
    return {.minimum = range.minimum, .maximum = std::min(range.maximum, largest)};
}

template <typename Number>
[[nodiscard]] std::string allowed_numbers(std::string_view key, Range range) {
    const Range allowed = range_within<Number>(range);
    if (allowed.minimum == allowed.maximum) {
        return fmt::format("{}", allowed.minimum);
    }
    return fmt::format("a {} from {} to {}", takes_sizes(key) ? "size" : "whole number",
                       allowed.minimum, allowed.maximum);
}

/// A list of all enumerators of an enumeration, each once.
template <typename Value>
concept IsPermutation = NamedEnumeration<typename Value::value_type> && std::same_as<
    Value, std::array<typename Value::value_type, enumerator_count<typename Value::value_type>>>;

/// Completes the sentence "the value must be …".
template <typename Value>
[[nodiscard]] std::string allowed_values(std::string_view key, Range range) {
    if constexpr (std::same_as<Value, bool>) {
        return "true or false";
    } else if constexpr (NamedEnumeration<Value>) {
        return fmt::format("{}", fmt::join(names_of<Value>, " or "));
    } else if constexpr (std::same_as<Value, std::string>) {
        return "a name";
    } else if constexpr (std::same_as<Value, std::vector<PageSize>>) {
        return "a list of page sizes";
    } else if constexpr (IsPermutation<Value>) {
        return fmt::format("a list of each of {}",
                           fmt::join(names_of<typename Value::value_type>, ", "));
    } else {
        return allowed_numbers<Value>(key, range);
    }
}

}  // namespace mmusim::tb
