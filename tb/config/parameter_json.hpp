// SPDX-License-Identifier: Apache-2.0
// One parameter of any type, or a struct of them, as JSON.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "tb/config/configuration.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <vector>

namespace mmusim::tb {

template <typename Number>
requires std::unsigned_integral<Number> || std::same_as<Number, std::string>
[[nodiscard]] nlohmann::ordered_json parameter_json(const Number& value) {
    return value;
}

[[nodiscard]] inline nlohmann::ordered_json parameter_json(Cycles duration) {
    return duration.value;
}

template <NamedEnumeration Enumeration>
[[nodiscard]] nlohmann::ordered_json parameter_json(Enumeration enumerator) {
    return name_of(enumerator);
}

[[nodiscard]] inline nlohmann::ordered_json parameter_json(const std::vector<PageSize>& sizes) {
    auto list = nlohmann::ordered_json::array();
    for (const PageSize size : sizes) {
        list.push_back(to_text(size));
    }
    return list;
}

template <NamedEnumeration Enumeration, std::size_t size>
[[nodiscard]] nlohmann::ordered_json parameter_json(
    const std::array<Enumeration, size>& enumerators) {
    auto list = nlohmann::ordered_json::array();
    for (const Enumeration enumerator : enumerators) {
        list.push_back(name_of(enumerator));
    }
    return list;
}

template <typename Parameters>
[[nodiscard]] nlohmann::ordered_json parameter_json(const NamedParts<Parameters>& parts);

template <HasFields Parameters>
[[nodiscard]] nlohmann::ordered_json parameter_json(const Parameters& parameters) {
    auto object = nlohmann::ordered_json::object();
    for_each_field<Parameters>([&](const auto& field) {
        object[std::string{field.name}] = parameter_json(parameters.*field.member);
    });
    return object;
}

template <typename Parameters>
[[nodiscard]] nlohmann::ordered_json parameter_json(const NamedParts<Parameters>& parts) {
    auto object = nlohmann::ordered_json::object();
    for (const auto& [name, parameters] : parts) {
        object[name] = parameter_json(parameters);
    }
    return object;
}

}  // namespace mmusim::tb
