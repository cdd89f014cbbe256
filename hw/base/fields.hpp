// SPDX-License-Identifier: Apache-2.0
// Field lists: a struct of parameters or statistics names each of its members once, and text, JSON,
// schema and documentation are made from that list.
//
// A struct takes part by a static member function `fields()` that returns a std::tuple of fields.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>

namespace mmusim {

/// The values an integer parameter may take, both ends included.
struct Range {
    std::uint64_t minimum = 0;
    std::uint64_t maximum = std::numeric_limits<std::uint64_t>::max();
};

[[nodiscard]] constexpr Range at_least(std::uint64_t minimum) {
    return {.minimum = minimum};
}

/// One member of a struct. For a parameter, `range` bounds it; for a statistic, `unit` measures it.
template <typename Owner, typename Member>
struct Field {
    using MemberType = Member;

    std::string_view name;
    Member Owner::*member;
    std::string_view description;
    Range range{};
    std::string_view unit{};
};

/// A parameter; its unit is the ending of its name.
template <typename Owner, typename Member>
[[nodiscard]] constexpr Field<Owner, Member> parameter(std::string_view name, Member Owner::*member,
                                                       std::string_view description,
                                                       Range range = {}) {
    return {.name = name, .member = member, .description = description, .range = range};
}

/// A statistic: `unit` is what one of it is ("lookup", "cycle", "page" …).
template <typename Owner, typename Member>
[[nodiscard]] constexpr Field<Owner, Member> statistic(std::string_view name, Member Owner::*member,
                                                       std::string_view unit,
                                                       std::string_view description) {
    return {.name = name, .member = member, .description = description, .unit = unit};
}

template <typename Struct>
concept HasFields = requires {
    Struct::fields();
};

/// Calls `visit(field)` for each field of `Struct`, in the order of its list.
template <HasFields Struct, typename Visitor>
constexpr void for_each_field(Visitor&& visit) {
    std::apply([&](const auto&... field) { (visit(field), ...); }, Struct::fields());
}

}  // namespace mmusim
