// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/convert_trace.hpp"

#include "hw/base/problems.hpp"
#include "tb/trace/binary_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <span>
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

/// Calls `use(access)` for the accesses from `skip` on, at most `limit` of them.
template <typename Use>
void for_each_access(AccessSource& source, std::uint64_t skip, std::uint64_t limit, Use use) {
    std::span<const Access> batch = source.next_batch();
    while (!batch.empty() && limit > 0) {
        const std::uint64_t skipped = std::min<std::uint64_t>(skip, batch.size());
        skip -= skipped;
        const std::uint64_t taken = std::min<std::uint64_t>(limit, batch.size() - skipped);
        limit -= taken;
        for (const Access& access : batch.subspan(skipped, taken)) {
            use(access);
        }
        batch = limit > 0 ? source.next_batch() : std::span<const Access>{};
    }
}

}  // namespace

TraceSummary convert_trace(const TraceConversion& conversion) {
    check_not_the_same(conversion.input, conversion.output);
    const auto source = open_trace(conversion.input, conversion.format, UserHalf{});
    const std::uint64_t limit =
        conversion.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : conversion.limit;

    BinaryTraceWriter writer(conversion.output);
    TraceSummarizer summarizer;
    for_each_access(*source, conversion.skip, limit, [&](const Access& access) {
        writer.write(access);
        summarizer.add(access);
    });
    if (summarizer.summary().total_accesses() == 0) {
        throw InputError(fmt::format("{}: has no more than {} accesses, expected some to be left",
                                     conversion.input, conversion.skip));
    }
    writer.finish();
    return summarizer.summary();
}

TraceSummary summarize_trace(const std::string& path, std::optional<TraceFormat> format) {
    const auto source = open_trace(path, format, UserHalf{});
    TraceSummarizer summarizer;
    for_each_access(*source, 0, std::numeric_limits<std::uint64_t>::max(),
                    [&](const Access& access) { summarizer.add(access); });
    return summarizer.summary();
}

}  // namespace mmusim::tb
