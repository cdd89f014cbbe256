// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/report_document.hpp"

#include "hw/base/problems.hpp"
#include "tb/config/json_document.hpp"
#include "tb/config/result_schema.hpp"
#include "tb/input/byte_stream.hpp"
#include "tb/report/exploration_json.hpp"
#include "tb/report/json_text.hpp"
#include "tb/sweep/point_record.hpp"
#include "tb/text/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

// A file without end, such as a device, is refused instead of filling the host's memory.
constexpr std::size_t largest_document_bytes = std::size_t{1} << 30U;

// Far more than any document has; what writes a document again goes down by recursion.
constexpr int deepest_nesting = 64;

/// What a member must be.
struct RequiredMember {
    std::string_view name;
    ordered_json::value_t type;
};

constexpr auto object_type = ordered_json::value_t::object;
constexpr auto array_type = ordered_json::value_t::array;

constexpr std::array<RequiredMember, 12> result_members{{
    {.name = "config", .type = object_type},
    {.name = "workload", .type = object_type},
    {.name = "totals", .type = object_type},
    {.name = "latency_cycles", .type = object_type},
    {.name = "breakdown_cycles", .type = object_type},
    {.name = "classes", .type = object_type},
    {.name = "tlbs", .type = object_type},
    {.name = "walker", .type = object_type},
    {.name = "memory", .type = object_type},
    {.name = "faults", .type = object_type},
    {.name = "os", .type = object_type},
    {.name = "processes", .type = array_type},
}};

constexpr std::array<RequiredMember, 2> exploration_members{{
    {.name = "workload", .type = object_type},
    {.name = "streams", .type = object_type},
}};

/// A kind of document as the program writes it.
struct DocumentFormat {
    DocumentKind kind;
    std::string_view schema;
    std::uint64_t version;
    std::span<const RequiredMember> members;
};

constexpr std::array<DocumentFormat, 2> document_formats{{
    {.kind = DocumentKind::result,
     .schema = result_schema,
     .version = result_schema_version,
     .members = result_members},
    {.kind = DocumentKind::exploration,
     .schema = exploration_schema,
     .version = exploration_schema_version,
     .members = exploration_members},
}};

constexpr std::string_view expected_document =
    "expected what `mmusim run --json` (mmusim-result), `mmusim explore --json` "
    "(mmusim-exploration) or `mmusim sweep --json` (mmusim-sweep-point) writes";

// A point has a whole result, and a sweep thousands of points.
constexpr std::array<std::string_view, 7> kept_of_points{
    "totals", "latency_cycles", "breakdown_cycles", "tlbs", "walker", "faults", "derived"};

[[nodiscard]] const DocumentFormat& known_format(const ordered_json& content,
                                                 std::string_view name) {
    if (!content.is_object() || !content.contains("schema")) {
        throw InputError(fmt::format("{}: no \"schema\", {}", name, expected_document));
    }
    const ordered_json& schema = content.at("schema");
    const auto* const known =
        std::find_if(document_formats.begin(), document_formats.end(),
                     [&](const DocumentFormat& format) { return schema == format.schema; });
    if (known == document_formats.end()) {
        const std::string shown = schema.is_string() ? tb::in_quotes(schema.get<std::string>())
                                                     : std::string{schema.type_name()};
        throw InputError(fmt::format("{}: schema {}, {}", name, shown, expected_document));
    }
    return *known;
}

void check_document(const ordered_json& content, const DocumentFormat& format,
                    std::string_view name) {
    const auto version = content.find("schema_version");
    if (version == content.end() || *version != format.version) {
        throw InputError(fmt::format("{}: schema_version {}, expected {} of {}", name,
                                     version == content.end() || !version->is_number()
                                         ? std::string{"missing"}
                                         : version->dump(),
                                     format.version, format.schema));
    }
    for (const RequiredMember& member : format.members) {
        const auto found = content.find(member.name);
        if (found == content.end() || found->type() != member.type) {
            throw InputError(fmt::format(
                "{}: \"{}\" is missing or no {}, expected a whole {}", name, member.name,
                member.type == object_type ? "object" : "list", format.schema));
        }
    }
}

[[nodiscard]] ordered_json in_written_order(std::string_view text, std::string_view name) {
    const auto refuse_depth = [&](int depth, ordered_json::parse_event_t /*event*/,
                                  ordered_json& /*value*/) {
        if (depth > deepest_nesting) {
            throw InputError(fmt::format("{}: more than {} levels of nesting, {}", name,
                                         deepest_nesting, expected_document));
        }
        return true;
    };
    constexpr bool throwing = true;
    constexpr bool ignore_comments = true;
    return ordered_json::parse(text, refuse_depth, throwing, ignore_comments);
}

[[nodiscard]] bool is_sweep(std::string_view text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto first = ordered_json::parse(line, nullptr, false);
    return first.is_object() && first.contains("schema") && first.at("schema") == point_schema;
}

void check_point(const ordered_json& point, const std::string& place) {
    const auto has = [&](const char* member, ordered_json::value_t type) {
        return point.contains(member) && point.at(member).type() == type;
    };
    const bool failed = has("error", ordered_json::value_t::string);
    if (!point.is_object() || point.value("schema", ordered_json()) != point_schema ||
        point.value("schema_version", ordered_json()) != point_schema_version ||
        !has("keys", object_type) || !(failed || has("result", object_type))) {
        throw InputError(fmt::format("{}: no whole point, expected a line of {} {}", place,
                                     point_schema, point_schema_version));
    }
}

[[nodiscard]] ordered_json kept_of_result(const ordered_json& result) {
    auto kept = ordered_json::object();
    for (const std::string_view member : kept_of_points) {
        if (const auto found = result.find(member); found != result.end()) {
            kept[std::string{member}] = *found;
        }
    }
    return kept;
}

[[nodiscard]] ordered_json points_of_sweep(std::string_view text, std::string_view name) {
    auto points = ordered_json::array();
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const std::string place = fmt::format("{}:{}", name, number);
        if (!ordered_json::accept(line)) {
            throw InputError(
                fmt::format("{}: no JSON, expected a line of {}", place, point_schema));
        }
        ordered_json point = in_written_order(line, place);
        check_point(point, place);
        if (const auto result = point.find("result"); result != point.end()) {
            *result = kept_of_result(*result);
        }
        points.push_back(std::move(point));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return ordered_json{{"points", std::move(points)}};
}

// A name from the command line may be any bytes; a page is UTF-8.
[[nodiscard]] std::string as_utf8(std::string_view name) {
    return ordered_json::parse(json_line(ordered_json(name))).get<std::string>();
}

[[nodiscard]] std::string text_of_document_file(const std::string& path) {
    ByteStream stream(path);
    while (stream.read_more()) {
        if (stream.window().size() > largest_document_bytes) {
            throw InputError(fmt::format("{}: is larger than 1 GiB, {}", path, expected_document));
        }
    }
    return std::string{stream.window()};
}

}  // namespace

bool ReportDocument::interrupted() const {
    return content.value("interrupted", ordered_json(false)) == true;
}

ReportDocument parse_report_document(std::string_view text, std::string_view name) {
    if (is_sweep(text)) {
        return {.name = as_utf8(name),
                .kind = DocumentKind::sweep,
                .content = points_of_sweep(text, name)};
    }
    // Its messages say the line; it does not keep the order of the members.
    static_cast<void>(parse_json(text, name));
    ordered_json content = in_written_order(text, name);
    const DocumentFormat& format = known_format(content, name);
    check_document(content, format, name);
    return {.name = as_utf8(name), .kind = format.kind, .content = std::move(content)};
}

ReportDocument read_report_document(const std::string& path) {
    return parse_report_document(text_of_document_file(path), path);
}

}  // namespace mmusim::tb
