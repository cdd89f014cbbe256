// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/trace_command.hpp"

#include "tb/cli/options.hpp"
#include "tb/trace/convert_trace.hpp"
#include "tb/trace/open_trace.hpp"

#include <CLI/CLI.hpp>
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

void add_convert_command(CLI::App& trace, ConvertArguments& arguments, Command& chosen) {
    CLI::App* convert =
        trace.add_subcommand("convert", "write a trace in the project's own compact format");
    convert->add_option("INPUT", arguments.input, "the trace to read")->required();
    convert
        ->add_option("-o,--output", arguments.output,
                     "the trace to write; compressed if it ends in .xz, .zst, .gz, .bz2 or .lz4")
        ->type_name("FILE")
        ->required();
    add_format_option(*convert, arguments.format);
    convert->add_option("--skip", arguments.skip, "accesses to leave out at the beginning")
        ->transform(whole_number())
        ->type_name("N");
    convert->add_option("--limit", arguments.limit, "then so many; 0 is all")
        ->transform(whole_number())
        ->type_name("N");
    convert->callback([&] { chosen = [&arguments] { return convert_command(arguments); }; });
}

void add_info_command(CLI::App& trace, InfoArguments& arguments, Command& chosen) {
    CLI::App* info = trace.add_subcommand("info", "say what a trace holds");
    info->add_option("INPUT", arguments.input, "the trace to read")->required();
    add_format_option(*info, arguments.format);
    info->callback([&] { chosen = [&arguments] { return info_command(arguments); }; });
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

void add_trace_command(CLI::App& program, TraceArguments& arguments, Command& chosen) {
    CLI::App* trace = program.add_subcommand("trace", "look at traces and convert them");
    trace->require_subcommand(1);
    add_convert_command(*trace, arguments.convert, chosen);
    add_info_command(*trace, arguments.info, chosen);
}

}  // namespace mmusim::tb
