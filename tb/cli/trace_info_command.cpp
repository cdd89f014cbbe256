// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/trace_info_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/optional_output.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/progress.hpp"
#include "tb/report/trace_json.hpp"
#include "tb/report/trace_report.hpp"
#include "tb/trace/trace_survey.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>

namespace mmusim::tb {

namespace {

constexpr const char* info_examples = R"(Examples:
  mmusim trace info program.champsimtrace.xz
      how many accesses and pages, when the pages come, where they lie
  mmusim trace info --format cloudsuite --interval 1000000 --json info.json core0.trace.xz
      the same of every million accesses, for other programs to read)";

void check_info(const TraceInfoArguments& arguments) {
    if (arguments.interval == 0) {
        throw InputError("--interval 0: expected at least 1 access");
    }
    check_outputs({arguments.input}, {arguments.json});
}

SurveyedTrace survey_with_progress(const TraceInfoArguments& arguments) {
    Progress progress;
    const Interruption interruption;
    SurveyedTrace surveyed = survey_trace(arguments.input, chosen_trace_format(arguments.format),
                                          arguments.interval, [&](std::uint64_t accesses) {
                                              progress.show(accesses);
                                              return !interruption.requested();
                                          });
    progress.clear();
    return surveyed;
}

}  // namespace

ExitStatus trace_info_command(const TraceInfoArguments& arguments) {
    check_info(arguments);
    OptionalOutput json(arguments.json);
    const SurveyedTrace surveyed = survey_with_progress(arguments);
    if (json.is_wanted()) {
        json.write(to_text(surveyed, arguments.input));
        json.commit();
    }
    if (!json.takes_standard_output()) {
        std::cout << trace_report(arguments.input, surveyed.survey);
    }
    finish_standard_output();
    return surveyed.interrupted ? ExitStatus::interrupted : ExitStatus::ok;
}

void add_trace_info_command(CLI::App& trace, TraceInfoArguments& arguments, Command& chosen) {
    CLI::App* info = trace.add_subcommand(
        "info", "say what a trace holds: accesses, pages, when they come and where they lie");
    info->add_option("TRACE", arguments.input, "the trace to read, plain or compressed")
        ->required()
        ->group(workload_group);
    add_format_option(*info, arguments.format);
    info->add_option("--interval", arguments.interval,
                     "accesses in each row of the table over time; else as many as make 10 to 20 "
                     "rows")
        ->transform(whole_number())
        ->type_name("N")
        ->group(output_group);
    info->add_option("--json", arguments.json,
                     "all figures as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE")
        ->group(output_group);
    info->footer(info_examples);
    info->callback([&] { chosen = [&arguments] { return trace_info_command(arguments); }; });
}

}  // namespace mmusim::tb
