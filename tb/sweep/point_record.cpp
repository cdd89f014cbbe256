// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/point_record.hpp"

#include "hw/base/problems.hpp"
#include "tb/report/json_text.hpp"
#include "tb/sweep/swept_values.hpp"

#include <fmt/format.h>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

}  // namespace

std::string line_of(const PointRecord& record) {
    ordered_json line{{"schema", point_schema}, {"schema_version", point_schema_version},
                      {"point", record.point},  {"points", record.points},
                      {"keys", record.keys},    {"error", nullptr}};
    if (record.error) {
        line["error"] = *record.error;
    }
    if (record.interrupted) {
        line["interrupted"] = true;
    }
    line["result"] = record.result;
    return json_line(line) + '\n';
}

PointRecord record_of(std::string_view line, std::string_view place) {
    try {
        ordered_json members = ordered_json::parse(line);
        if (members.at("schema") != point_schema) {
            throw InputError(fmt::format("{}: expected a point of a sweep", place));
        }
        if (members.at("schema_version") != point_schema_version) {
            throw InputError(fmt::format("{}: schema_version {}, expected {}", place,
                                         json_line(members.at("schema_version")),
                                         point_schema_version));
        }
        PointRecord record{.point = members.at("point").get<std::size_t>(),
                           .points = members.at("points").get<std::size_t>(),
                           .keys = members.at("keys"),
                           .error = {},
                           .interrupted = members.value("interrupted", false),
                           .result = std::move(members.at("result"))};
        if (const ordered_json& error = members.at("error"); !error.is_null()) {
            record.error = error.get<std::string>();
        }
        if (!record.keys.is_object() || record.error.has_value() != record.result.is_null()) {
            throw InputError(fmt::format("{}: expected keys, and an error or a result", place));
        }
        return record;
    } catch (const ordered_json::exception&) {
        throw InputError(fmt::format("{}: expected a point of a sweep as a line of JSON", place));
    }
}

ordered_json keys_at(const Grid& grid, std::size_t point) {
    const std::vector<std::string> names = grid.keys();
    const std::vector<std::string> values = grid.values_at(point);
    auto keys = ordered_json::object();
    for (std::size_t key = 0; key < names.size(); ++key) {
        keys[names[key]] = meaning_of(names[key], values[key]);
    }
    return keys;
}

std::vector<std::string> key_cells(const PointRecord& record) {
    std::vector<std::string> cells;
    for (const auto& [key, value] : record.keys.items()) {
        cells.push_back(value.is_string() ? value.get<std::string>() : json_line(value));
    }
    return cells;
}

std::vector<std::string> key_names(const PointRecord& record) {
    std::vector<std::string> names;
    for (const auto& [key, value] : record.keys.items()) {
        names.push_back(key);
    }
    return names;
}

}  // namespace mmusim::tb
