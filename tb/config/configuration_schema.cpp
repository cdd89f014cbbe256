// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_schema.hpp"

#include "tb/config/allowed_values.hpp"
#include "tb/config/configuration.hpp"
#include "tb/config/parameter_json.hpp"
#include "tb/config/provenance.hpp"

#include <nlohmann/json.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

constexpr int indentation_of_schema = 2;
constexpr const char* part_name_pattern = "^[A-Za-z][A-Za-z0-9_]*$";
constexpr const char* size_pattern = "^(0[xX][0-9A-Fa-f]+|[0-9]+)([KMGT](iB)?)?$";

[[nodiscard]] ordered_json any_of(const ordered_json& one, const ordered_json& other) {
    return {{"anyOf", ordered_json::array({one, other})}};
}

template <typename Number>
[[nodiscard]] ordered_json number_schema(std::string_view key, Range range) {
    const Range allowed = range_within<Number>(range);
    const ordered_json number{
        {"type", "integer"}, {"minimum", allowed.minimum}, {"maximum", allowed.maximum}};
    const ordered_json size{{"type", "string"}, {"pattern", size_pattern}};
    return takes_sizes(key) ? any_of(number, size) : number;
}

[[nodiscard]] inline ordered_json page_sizes_schema() {
    const ordered_json size =
        any_of({{"type", "string"}, {"pattern", size_pattern}}, {{"type", "integer"}});
    return any_of({{"type", "array"}, {"items", size}}, size);
}

template <typename Value>
[[nodiscard]] ordered_json value_schema(std::string_view key, Range range) {
    if constexpr (std::same_as<Value, bool>) {
        return {{"type", "boolean"}};
    } else if constexpr (NamedEnumeration<Value>) {
        return {{"enum", names_of<Value>}};
    } else if constexpr (std::same_as<Value, std::string>) {
        return {{"type", "string"}};
    } else if constexpr (std::same_as<Value, std::vector<PageSize>>) {
        return page_sizes_schema();
    } else if constexpr (std::same_as<Value, hw::DramMapping>) {
        return {{"type", "array"},
                {"items", {{"enum", names_of<hw::DramField>}}},
                {"minItems", enumerator_count<hw::DramField>},
                {"maxItems", enumerator_count<hw::DramField>}};
    } else {
        return number_schema<Value>(key, range);
    }
}

template <HasFields Parameters>
[[nodiscard]] ordered_json object_schema(const Parameters& defaults);

// Parts by name; null removes one.
template <typename Parameters>
[[nodiscard]] ordered_json parts_schema() {
    const ordered_json removed{{"type", "null"}};
    ordered_json part = removed;
    if constexpr (HasFields<Parameters>) {
        part = any_of(object_schema(Parameters{}), removed);
    }
    return {{"type", "object"},
            {"propertyNames", {{"pattern", part_name_pattern}}},
            {"additionalProperties", part}};
}

template <typename Parameters>
[[nodiscard]] ordered_json member_schema(std::string_view /*key*/, Range /*range*/,
                                         const NamedParts<Parameters>& /*defaults*/) {
    return parts_schema<Parameters>();
}

template <typename Value>
[[nodiscard]] ordered_json member_schema(std::string_view key, Range range, const Value& standard) {
    if constexpr (HasFields<Value>) {
        return object_schema(standard);
    } else {
        ordered_json schema = value_schema<Value>(key, range);
        schema["default"] = parameter_json(standard);
        return schema;
    }
}

template <HasFields Parameters>
ordered_json object_schema(const Parameters& defaults) {
    auto properties = ordered_json::object();
    for_each_field<Parameters>([&](const auto& field) {
        ordered_json schema{{"description", field.description}};
        schema.update(member_schema(field.name, field.range, defaults.*field.member));
        properties[std::string{field.name}] = std::move(schema);
    });
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

[[nodiscard]] ordered_json sources_schema() {
    const ordered_json keys{{"type", "array"}, {"items", {{"type", "string"}}}};
    return {{"description", "where values come from: a text for a key or a group of keys"},
            {"type", "object"},
            {"properties", {{"unverified", keys}}},
            {"additionalProperties", {{"type", "string"}}}};
}

}  // namespace

std::string configuration_schema() {
    ordered_json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                        {"title", "mmusim configuration"}};
    schema.update(object_schema(Configuration{}));
    schema["properties"]["$schema"] = {{"description", "where an editor finds this schema"},
                                       {"type", "string"}};
    schema["properties"]["complete"] = {
        {"description", "whether the file replaces every layer below it"}, {"type", "boolean"}};
    schema["properties"][std::string{sources_key}] = sources_schema();
    return schema.dump(indentation_of_schema) + '\n';
}

}  // namespace mmusim::tb
