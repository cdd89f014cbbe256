// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/open_trace.hpp"

#include "hw/base/problems.hpp"
#include "tb/input/byte_stream.hpp"
#include "tb/text/parse.hpp"
#include "tb/trace/binary_trace.hpp"
#include "tb/trace/lackey_reader.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace mmusim::tb {

namespace {

template <typename Reader>
[[nodiscard]] std::unique_ptr<AccessSource> make_reader(ByteStream bytes, UserHalf user_half) {
    return std::make_unique<Reader>(std::move(bytes), user_half);
}

struct FormatRow {
    /// Whether a file that begins so is in this format.
    bool (*matches)(std::string_view start);
    /// What the names of such files contain.
    std::string_view name_part;
    std::unique_ptr<AccessSource> (*make)(ByteStream bytes, UserHalf user_half);
};

constexpr PerEnumerator<TraceFormat, FormatRow> format_rows{
    {{{.matches = looks_like_lackey, .name_part = ".lackey", .make = make_reader<LackeyReader>},
      {.matches = looks_like_binary_trace,
       .name_part = ".mmutrace",
       .make = make_reader<BinaryTraceReader>}}}};

/// Whether `fits` finds the row of a format, and which.
template <typename Predicate>
[[nodiscard]] std::optional<TraceFormat> first_format(Predicate fits) {
    for (std::size_t index = 0; index < enumerator_count<TraceFormat>; ++index) {
        if (fits(format_rows.values[index])) {
            return static_cast<TraceFormat>(index);
        }
    }
    return std::nullopt;
}

[[nodiscard]] std::string known_formats() {
    return fmt::format("{}", fmt::join(names_of<TraceFormat>, ", "));
}

/// Lengthens the window to what a format shows itself by.
void look_ahead(ByteStream& bytes) {
    constexpr std::size_t enough = 4096;
    while (bytes.window().size() < enough && bytes.read_more()) {
    }
}

[[nodiscard]] TraceFormat detected_format(ByteStream& bytes) {
    look_ahead(bytes);
    const std::string_view start = bytes.window();
    const auto by_content = first_format([&](const FormatRow& row) { return row.matches(start); });
    if (by_content) {
        return *by_content;
    }
    const std::string name = std::filesystem::path(bytes.path()).filename().string();
    const auto by_name = first_format(
        [&](const FormatRow& row) { return name.find(row.name_part) != std::string::npos; });
    if (by_name) {
        return *by_name;
    }
    throw InputError(fmt::format("{}: begins with {}, expected a trace in one of the formats {}",
                                 bytes.path(), in_quotes(start.substr(0, start.find('\n'))),
                                 known_formats()));
}

}  // namespace

TraceFormat trace_format_named(std::string_view name) {
    const auto format = enumerator_named<TraceFormat>(name);
    if (format) {
        return *format;
    }
    const auto nearest = nearest_name(name, names_of<TraceFormat>);
    const std::string hint = nearest ? fmt::format("; did you mean {}?", *nearest) : "";
    throw InputError(fmt::format("trace format \"{}\" is unknown, expected one of {}{}", name,
                                 known_formats(), hint));
}

std::optional<TraceFormat> chosen_trace_format(const std::optional<std::string>& name) {
    return name ? std::optional(trace_format_named(*name)) : std::nullopt;
}

std::unique_ptr<AccessSource> open_trace(const std::string& path, std::optional<TraceFormat> format,
                                         UserHalf user_half) {
    ByteStream bytes(path);
    const TraceFormat chosen = format ? *format : detected_format(bytes);
    return format_rows[chosen].make(std::move(bytes), user_half);
}

void check_readable_twice(const std::string& path) {
    if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
        throw InputError(fmt::format(
            "{}: is no regular file, expected one: os.page_replacement = opt reads traces twice",
            path));
    }
}

}  // namespace mmusim::tb
