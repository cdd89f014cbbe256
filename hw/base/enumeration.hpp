// SPDX-License-Identifier: Apache-2.0
// Enumerations with names: one list per enumeration serves the configuration, the reports, the
// documentation and the wave viewer.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>

namespace mmusim {

/// An enumeration counted from 0, with a function `enumerator_names(Enumeration)` beside it that
/// returns a std::array of one name per enumerator.
template <typename Enumeration>
concept NamedEnumeration = std::is_enum_v<Enumeration> && requires {
    enumerator_names(Enumeration{});
};

template <NamedEnumeration Enumeration>
inline constexpr auto names_of = enumerator_names(Enumeration{});

template <NamedEnumeration Enumeration>
inline constexpr std::size_t enumerator_count = names_of<Enumeration>.size();

template <NamedEnumeration Enumeration>
[[nodiscard]] constexpr std::string_view name_of(Enumeration enumerator) {
    return names_of<Enumeration>[static_cast<std::size_t>(enumerator)];
}

/// The enumerator of that name, if there is one.
template <NamedEnumeration Enumeration>
[[nodiscard]] constexpr std::optional<Enumeration> enumerator_named(std::string_view name) {
    const auto& names = names_of<Enumeration>;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<Enumeration>(std::distance(names.begin(), found));
}

/// An array with one element per enumerator, indexed by the enumerator itself.
template <NamedEnumeration Enumeration, typename Value>
struct PerEnumerator {
    std::array<Value, enumerator_count<Enumeration>> values{};

    constexpr auto operator<=>(const PerEnumerator&) const = default;
    [[nodiscard]] constexpr Value& operator[](Enumeration enumerator) {
        return values[static_cast<std::size_t>(enumerator)];
    }
    [[nodiscard]] constexpr const Value& operator[](Enumeration enumerator) const {
        return values[static_cast<std::size_t>(enumerator)];
    }
};

}  // namespace mmusim

template <mmusim::NamedEnumeration Enumeration>
struct fmt::formatter<Enumeration> : fmt::formatter<std::string_view> {
    auto format(Enumeration enumerator, format_context& context) const {
        return fmt::formatter<std::string_view>::format(mmusim::name_of(enumerator), context);
    }
};
