// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/trace_command.hpp"

#include "tb/trace/convert_trace.hpp"
#include "tb/trace/open_trace.hpp"

#include <fmt/format.h>

#include <iostream>

namespace mmusim::tb {

namespace {

std::string to_text(const TraceSummary& summary) {
    std::string text = fmt::format("{} accesses", summary.total_accesses());
    for (const AccessType type : {AccessType::fetch, AccessType::read, AccessType::write}) {
        text += fmt::format(", {} {}", summary.accesses[type], type);
    }
    return text + fmt::format("\n{} pages of 4 KiB from {} to {}\n{} accesses cross a page\n",
                              summary.pages, summary.lowest, summary.highest,
                              summary.page_crossings);
}

}  // namespace

ExitStatus convert_command(const ConvertArguments& arguments) {
    const TraceSummary summary = convert_trace({.input = arguments.input,
                                                .format = chosen_trace_format(arguments.format),
                                                .output = arguments.output,
                                                .skip = arguments.skip,
                                                .limit = arguments.limit});
    std::cerr << arguments.output << ": " << to_text(summary);
    return ExitStatus::ok;
}

ExitStatus info_command(const InfoArguments& arguments) {
    std::cout << arguments.input << ": "
              << to_text(summarize_trace(arguments.input, chosen_trace_format(arguments.format)));
    return ExitStatus::ok;
}

}  // namespace mmusim::tb
