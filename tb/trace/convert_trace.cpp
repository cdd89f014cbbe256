// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/convert_trace.hpp"

#include "hw/base/problems.hpp"
#include "tb/text/parse.hpp"
#include "tb/trace/binary_trace.hpp"
#include "tb/trace/text_trace_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <limits>
#include <system_error>

namespace mmusim::tb {

namespace {

void check_not_the_same(const std::string& input, const std::string& output) {
    std::error_code ignored;
    if (std::filesystem::equivalent(input, output, ignored)) {
        throw InputError(
            fmt::format("{}: is the trace to be read, expected another file to write", output));
    }
}

[[nodiscard]] std::string written_formats() {
    return fmt::format("{}", fmt::join(names_of<WrittenFormat>, ", "));
}

template <typename Writer>
[[nodiscard]] ConvertedTrace convert_by(const TraceConversion& conversion, AccessSource& source,
                                        const GoOn& go_on) {
    const std::uint64_t limit =
        conversion.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : conversion.limit;
    Writer writer(conversion.output);
    TraceSummarizer summarizer;
    const bool whole =
        for_each_access(source, conversion.skip, limit, go_on, [&](const Access& access) {
            writer.write(access);
            summarizer.add(access);
        });
    if (!whole) {
        return {.summary = summarizer.summary(), .interrupted = true};
    }
    if (summarizer.summary().total_accesses() == 0) {
        throw InputError(fmt::format("{}: has no more than {} accesses, expected some to be left",
                                     conversion.input, conversion.skip));
    }
    writer.finish();
    return {.summary = summarizer.summary()};
}

}  // namespace

WrittenFormat written_format_named(std::string_view name) {
    const auto format = enumerator_named<WrittenFormat>(name);
    if (format) {
        return *format;
    }
    const auto nearest = nearest_name(name, names_of<WrittenFormat>);
    const std::string hint = nearest ? fmt::format("; did you mean {}?", *nearest) : "";
    throw InputError(fmt::format("--to {}: cannot be written, expected one of {}{}", name,
                                 written_formats(), hint));
}

WrittenFormat written_format_of(const std::string& path) {
    const auto told = trace_format_by_name(path);
    if (!told) {
        return WrittenFormat::binary;
    }
    const auto format = enumerator_named<WrittenFormat>(name_of(*told));
    if (!format) {
        throw InputError(
            fmt::format("{}: is named as a trace in the format {}, which cannot be "
                        "written, expected another name or --to with one of {}",
                        path, *told, written_formats()));
    }
    return *format;
}

ConvertedTrace convert_trace(const TraceConversion& conversion, const GoOn& go_on) {
    check_not_the_same(conversion.input, conversion.output);
    const auto source = open_trace(conversion.input, conversion.format, UserHalf{});
    switch (conversion.to) {
        case WrittenFormat::binary: break;
        case WrittenFormat::lackey: return convert_by<LackeyWriter>(conversion, *source, go_on);
        case WrittenFormat::din: return convert_by<DinWriter>(conversion, *source, go_on);
    }
    return convert_by<BinaryTraceWriter>(conversion, *source, go_on);
}

}  // namespace mmusim::tb
