// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/trace_convert_command.hpp"

#include "tb/cli/interruption.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/progress.hpp"
#include "tb/trace/convert_trace.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>

namespace mmusim::tb {

namespace {

constexpr const char* convert_examples = R"(Formats that can be written:
  binary    the project's own: small, quick to read, with a checksum; holds whatever a trace holds
  lackey    the text of Valgrind's lackey; holds whatever a trace holds
  din       the text of Dinero; holds no sizes: an access that crosses a page becomes two

Examples:
  mmusim trace convert program.lackey -o program.mmutrace.xz
      the form in which a trace is kept
  mmusim trace convert --skip 50000000 --limit 2400000 drmemtrace.app.zip -o part.lackey
      a part of a long trace, as text)";

std::string summary_text(const TraceSummary& summary) {
    std::string text = fmt::format("{} accesses", summary.total_accesses());
    for (const AccessType type : {AccessType::fetch, AccessType::read, AccessType::write}) {
        text += fmt::format(", {} {}", summary.accesses[type], type);
    }
    return text + fmt::format("\n{} pages of 4 KiB from {} to {}\n{} accesses cross a page\n",
                              summary.pages, summary.lowest, summary.highest,
                              summary.page_crossings);
}

std::string loss_text(WrittenFormat format, const TraceSummary& summary) {
    if (format != WrittenFormat::din || summary.larger_than_a_byte == 0) {
        return "";
    }
    return fmt::format(
        "lost, since {} holds no sizes: those of {} accesses; {} that cross a page "
        "are two there\n",
        format, summary.larger_than_a_byte, summary.page_crossings);
}

}  // namespace

ExitStatus trace_convert_command(const TraceConvertArguments& arguments) {
    const WrittenFormat to =
        arguments.to ? written_format_named(*arguments.to) : written_format_of(arguments.output);
    Progress progress;
    const Interruption interruption;
    const ConvertedTrace converted = convert_trace({.input = arguments.input,
                                                    .format = chosen_trace_format(arguments.format),
                                                    .output = arguments.output,
                                                    .to = to,
                                                    .skip = arguments.skip,
                                                    .limit = arguments.limit},
                                                   [&](std::uint64_t accesses) {
                                                       progress.show(accesses);
                                                       return !interruption.requested();
                                                   });
    progress.clear();
    if (converted.interrupted) {
        std::cerr << fmt::format("mmusim: {}: interrupted, and not written\n", arguments.output);
        return ExitStatus::interrupted;
    }
    std::cerr << arguments.output << ": " << summary_text(converted.summary)
              << loss_text(to, converted.summary);
    return ExitStatus::ok;
}

void add_trace_convert_command(CLI::App& trace, TraceConvertArguments& arguments, Command& chosen) {
    CLI::App* convert = trace.add_subcommand("convert", "write a trace in another format");
    convert->add_option("TRACE", arguments.input, "the trace to read, plain or compressed")
        ->required()
        ->group(workload_group);
    add_format_option(*convert, arguments.format);
    convert->add_option("--skip", arguments.skip, "accesses to leave out at the beginning")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    convert->add_option("--limit", arguments.limit, "then so many accesses; 0 is all")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    convert
        ->add_option("-o,--output", arguments.output,
                     "the trace to write; compressed if it ends in .xz, .zst, .gz, .bz2 or .lz4")
        ->type_name("FILE")
        ->required()
        ->group(output_group);
    convert
        ->add_option("--to", arguments.to,
                     "its format; else as its name tells, like x.lackey.xz, or else binary")
        ->type_name(fmt::format("{}", fmt::join(names_of<WrittenFormat>, "|")))
        ->group(output_group);
    convert->footer(convert_examples);
    convert->callback([&] { chosen = [&arguments] { return trace_convert_command(arguments); }; });
}

}  // namespace mmusim::tb
