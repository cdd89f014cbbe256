// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/open_trace.hpp"

#include "hw/base/problems.hpp"
#include "tb/input/byte_stream.hpp"
#include "tb/text/parse.hpp"
#include "tb/trace/binary_trace.hpp"
#include "tb/trace/champsim_reader.hpp"
#include "tb/trace/din_reader.hpp"
#include "tb/trace/drmemtrace_reader.hpp"
#include "tb/trace/lackey_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

template <typename Reader>
[[nodiscard]] std::unique_ptr<AccessSource> make_reader(ByteStream bytes, UserHalf user_half) {
    return std::make_unique<Reader>(std::move(bytes), user_half);
}

using StartCheck = bool (*)(std::string_view start);

struct FormatRow {
    /// Whether a file that begins so is in this format and in no other.
    StartCheck is_surely = [](std::string_view) { return false; };
    /// Whether a file that begins so makes sense in this format.
    StartCheck is_perhaps = [](std::string_view) { return false; };
    /// 0: not always as many.
    std::size_t record_bytes = 0;
    /// The parts by which names tell the format; the second may be empty.
    std::array<std::string_view, 2> name_parts;
    std::unique_ptr<AccessSource> (*make)(ByteStream bytes, UserHalf user_half) = nullptr;
};

constexpr PerEnumerator<TraceFormat, FormatRow> format_rows{
    {{{.is_surely = looks_like_lackey, .name_parts = {"lackey"}, .make = make_reader<LackeyReader>},
      {.is_perhaps = could_be_champsim,
       .record_bytes = ChampsimLayout::record_bytes,
       .name_parts = {"champsim", "champsimtrace"},
       .make = make_reader<ChampsimReader>},
      {.is_perhaps = could_be_cloudsuite,
       .record_bytes = CloudsuiteLayout::record_bytes,
       .name_parts = {"cloudsuite"},
       .make = make_reader<CloudsuiteReader>},
      {.is_surely = looks_like_din, .name_parts = {"din"}, .make = make_reader<DinReader>},
      {.is_surely = looks_like_drmemtrace,
       .is_perhaps = could_be_drmemtrace,
       .record_bytes = DrmemtraceReader::record_bytes,
       .name_parts = {"drmemtrace", "memtrace"},
       .make = make_reader<DrmemtraceReader>},
      {.is_surely = looks_like_binary_trace,
       .name_parts = {"mmutrace"},
       .make = make_reader<BinaryTraceReader>}}}};

/// Whose rows fulfil the condition.
template <typename Condition>
[[nodiscard]] std::vector<TraceFormat> formats_where(Condition fulfils) {
    std::vector<TraceFormat> formats;
    for (std::size_t index = 0; index < enumerator_count<TraceFormat>; ++index) {
        if (fulfils(format_rows.values[index])) {
            formats.push_back(static_cast<TraceFormat>(index));
        }
    }
    return formats;
}

[[nodiscard]] std::string known_formats() {
    return fmt::format("{}", fmt::join(names_of<TraceFormat>, ", "));
}

/// Lengthens the window to what a format shows itself by; false if it is the whole file.
bool look_ahead(ByteStream& bytes) {
    constexpr std::size_t enough = 4096;
    bool more = true;
    while (more && bytes.window().size() < enough) {
        more = bytes.read_more();
    }
    return more;
}

[[nodiscard]] std::string beginning_of(std::string_view start) {
    return in_quotes(start.substr(0, start.find('\n')));
}

/// The formats in which the beginning of a file makes sense. Of several, if it is all of the file,
/// those whose records it holds a whole number of.
[[nodiscard]] std::vector<TraceFormat> possible_formats(std::string_view start, bool is_whole) {
    std::vector<TraceFormat> possible =
        formats_where([&](const FormatRow& row) { return row.is_perhaps(start); });
    if (possible.size() < 2 || !is_whole) {
        return possible;
    }
    const auto fitting = formats_where([&](const FormatRow& row) {
        return row.is_perhaps(start) && start.size() % row.record_bytes == 0;
    });
    return fitting.empty() ? possible : fitting;
}

// Contents that can be nothing else outdo the name, and the name outdoes contents that might be
// something else.
[[nodiscard]] TraceFormat detected_format(ByteStream& bytes) {
    const bool is_whole = !look_ahead(bytes);
    const std::string_view start = bytes.window();
    const auto sure = formats_where([&](const FormatRow& row) { return row.is_surely(start); });
    if (!sure.empty()) {
        return sure.front();
    }
    if (const auto by_name = trace_format_by_name(bytes.path())) {
        return *by_name;
    }
    const auto possible = possible_formats(start, is_whole);
    if (possible.empty()) {
        throw InputError(
            fmt::format("{}: begins with {}, expected a trace in one of the formats {}",
                        bytes.path(), beginning_of(start), known_formats()));
    }
    if (possible.size() > 1) {
        throw InputError(fmt::format("{}: may be in the format {}, expected --format to say which",
                                     bytes.path(), fmt::join(possible, " or ")));
    }
    return possible.front();
}

[[nodiscard]] std::vector<std::string> parts_between_dots(const std::string& name) {
    std::vector<std::string> parts{""};
    for (const char letter : name) {
        if (letter == '.') {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

}  // namespace

std::optional<TraceFormat> trace_format_by_name(const std::string& path) {
    const std::string name = std::filesystem::path(path).filename().string();
    for (const std::string& part : parts_between_dots(name)) {
        const auto named = formats_where([&](const FormatRow& row) {
            return !part.empty() && std::find(row.name_parts.begin(), row.name_parts.end(), part) !=
                                        row.name_parts.end();
        });
        if (!named.empty()) {
            return named.front();
        }
    }
    return std::nullopt;
}

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

void check_readable_twice(const std::string& path, std::string_view reader) {
    if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
        throw InputError(fmt::format("{}: is no regular file, expected one: {} reads traces twice",
                                     path, reader));
    }
}

}  // namespace mmusim::tb
