// SPDX-License-Identifier: Apache-2.0
// The schema is judged by a small validator of the few words of JSON Schema that it uses.
#include "tb/config/configuration_schema.hpp"

#include "tb/config/configuration_keys.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/json_document.hpp"
#include "tb/config/resolve.hpp"
#include "tb/presets/presets.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <stdexcept>
#include <string>

namespace mmusim::tb::configuration_schema_test {

namespace {

using nlohmann::json;

[[nodiscard]] bool matches(const json& schema, const json& value);

[[nodiscard]] bool is_of_type(const std::string& type, const json& value) {
    if (type == "integer") {
        return value.is_number_integer();
    }
    return type == (value.is_boolean() ? "boolean" : value.type_name());
}

[[nodiscard]] bool matches_pattern(const json& pattern, const std::string& text) {
    return std::regex_search(text, std::regex(pattern.get<std::string>()));
}

[[nodiscard]] bool members_match(const json& schema, const json& object) {
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (schema.contains("propertyNames") &&
            !matches_pattern(schema["propertyNames"]["pattern"], member.key())) {
            return false;
        }
        const bool known =
            schema.contains("properties") && schema["properties"].contains(member.key());
        const json& member_schema =
            known ? schema["properties"][member.key()] : schema.at("additionalProperties");
        if (!matches(member_schema, member.value())) {
            return false;
        }
    }
    return true;
}

bool matches(const json& schema, const json& value) {
    if (schema.is_boolean()) {
        return schema.get<bool>();
    }
    if (schema.contains("anyOf")) {
        return std::any_of(schema["anyOf"].begin(), schema["anyOf"].end(),
                           [&](const json& each) { return matches(each, value); });
    }
    if (schema.contains("enum")) {
        return std::count(schema["enum"].begin(), schema["enum"].end(), value) == 1;
    }
    if (!is_of_type(schema.at("type"), value)) {
        return false;
    }
    if (value.is_string() && schema.contains("pattern")) {
        return matches_pattern(schema["pattern"], value);
    }
    if (value.is_number() && schema.contains("minimum")) {
        return value >= schema["minimum"] && value <= schema["maximum"];
    }
    if (value.is_array()) {
        return std::all_of(value.begin(), value.end(),
                           [&](const json& each) { return matches(schema["items"], each); });
    }
    return !value.is_object() || members_match(schema, value);
}

}  // namespace

TEST_CASE("every preset, whole and as its file, is what the schema describes") {
    const json schema = json::parse(configuration_schema());
    for (const Preset& preset : presets()) {
        CAPTURE(preset.name);
        CHECK(matches(schema, parse_json(preset.text, preset.name)));
        CHECK(matches(schema, json::parse(to_text(resolve({.preset = std::string{preset.name}})))));
    }
}

TEST_CASE("the schema tells what the reader would refuse") {
    struct Row {
        const char* layer;
        bool allowed;
    };
    const auto row = GENERATE(
        Row{R"({})", true}, Row{R"({"tlbs": {"l1d": {"sets": 3}}})", true},
        Row{R"({"tlbs": {"l1d": null}})", true}, Row{R"({"tlbs": {"l1d": {"sets": 0}}})", false},
        Row{R"({"tlbs": {"l1d": {"sets": -1}}})", false},
        Row{R"({"tlbs": {"l1d": {"sets": "3"}}})", false},
        Row{R"({"tlbs": {"l1d": {"setz": 3}}})", false}, Row{R"({"tlbs": {"1d": {}}})", false},
        Row{R"({"tlbs": 5})", false}, Row{R"({"tlb": {}})", false},
        Row{R"({"tlbs": {"l1d": {"replacement": "lru"}}})", true},
        Row{R"({"tlbs": {"l1d": {"replacement": "LRU"}}})", false},
        Row{R"({"tlbs": {"l1d": {"page_sizes": ["4KiB", "2M"]}}})", true},
        Row{R"({"tlbs": {"l1d": {"page_sizes": "4KiB"}}})", true},
        Row{R"({"tlbs": {"l1d": {"page_sizes": ["4KB"]}}})", false},
        Row{R"({"memory": {"size_bytes": "16GiB"}})", true},
        Row{R"({"memory": {"size_bytes": 65536}})", true},
        Row{R"({"memory": {"size_bytes": "much"}})", false},
        Row{R"({"memory": {"size_bytes": 1}})", false},
        Row{R"({"walk_cache": {"enabled": 1}})", false}, Row{R"({"complete": true})", true},
        Row{R"({"complete": "yes"})", false}, Row{R"({"$schema": "s.json"})", true},
        Row{R"({"$schema": 1})", false},
        Row{R"({"sources": {"tlbs": "a book", "unverified": ["tlbs"]}})", true},
        Row{R"({"sources": {"tlbs": 1}})", false});
    CAPTURE(row.layer);
    CHECK(matches(json::parse(configuration_schema()), json::parse(row.layer)) == row.allowed);
}

TEST_CASE("the schema describes every key and gives its default") {
    const json schema = json::parse(configuration_schema());
    Configuration any;
    any.tlbs["l9"];
    for (const KeyDescription& parameter : describe(any)) {
        CAPTURE(parameter.key);
        const json* place = &schema;
        std::string rest = parameter.key + '.';
        while (!rest.empty()) {
            const std::string name = rest.substr(0, rest.find('.'));
            rest.erase(0, name.size() + 1);
            const bool named_part = name == "l9";
            place = named_part ? &place->at("additionalProperties").at("anyOf").at(0)
                               : &place->at("properties").at(name);
        }
        CHECK(place->at("description") == parameter.description);
        CHECK(place->at("default") == json::parse(parameter.value));
    }
}

}  // namespace mmusim::tb::configuration_schema_test
