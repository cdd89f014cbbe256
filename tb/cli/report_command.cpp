// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/report_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/output/output_file.hpp"
#include "tb/report_page/chart_library.hpp"
#include "tb/report_page/report_document.hpp"
#include "tb/report_page/report_page.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace mmusim::tb {

namespace {

constexpr const char* report_examples = R"(Charts:
  They are drawn by Vega-Lite, which npm brings. Where it is missing the page has its tables, and the
  command that brings it is named. No network and no node is needed to make or to read a page.

Examples:
  mmusim run --json base.json --interval 10000 program.lackey.xz
  mmusim report base.json -o base.html
      one run as a page: open it in any browser
  mmusim report base.json large-tlb.json -o comparison.html
      two runs beside each other, the figures and parameters that differ first
  mmusim explore --json shapes.json program.lackey.xz
  mmusim report base.json shapes.json -o program.html
      and what TLBs of all shapes would miss
  mmusim sweep -L tlbs.l1d.sets=4,8,16 --json sweep.jsonl program.lackey.xz
  mmusim report sweep.jsonl -o sweep.html
      every point of a sweep)";

[[nodiscard]] std::filesystem::path chart_library_directory(const ReportArguments& arguments) {
    return arguments.chart_library ? std::filesystem::path(*arguments.chart_library)
                                   : default_chart_library_directory();
}

}  // namespace

ExitStatus report_command(const ReportArguments& arguments) {
    check_outputs(arguments.documents, {arguments.output});
    // Opened before the work: what cannot be written is said at once.
    OutputFile output(file_named(arguments.output));
    std::vector<ReportDocument> documents;
    for (const std::string& path : arguments.documents) {
        documents.push_back(read_report_document(path));
    }
    const std::filesystem::path directory = chart_library_directory(arguments);
    const std::optional<ChartLibrary> charts = read_chart_library(directory);
    output.write(report_page(documents, charts));
    output.commit();
    finish_standard_output();
    if (!charts) {
        std::cerr << fmt::format(
            "mmusim: {} has tables and no charts; this brings what draws them: {}\n",
            arguments.output, chart_library_command(directory));
    }
    return ExitStatus::ok;
}

void add_report_command(CLI::App& program, ReportArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand(
        "report", "results, explorations and sweeps as one page of HTML, with charts and tables");
    command
        ->add_option(
            "RESULT", arguments.documents,
            "what --json of `run`, `explore` or `sweep` wrote; several results are compared "
            "with the first")
        ->required();
    command
        ->add_option("-o,--output", arguments.output,
                     "the page; it needs no other file and no network; - is standard output")
        ->type_name("FILE")
        ->required()
        ->group(output_group);
    command
        ->add_option("--vega", arguments.chart_library,
                     "where npm has put what draws the charts, as DIR/node_modules; default: the "
                     "environment variable MMUSIM_VEGA, or else tb/report_page/web of the source")
        ->type_name("DIR")
        ->group(output_group);
    command->footer(report_examples);
    command->callback([&] { chosen = [&arguments] { return report_command(arguments); }; });
}

}  // namespace mmusim::tb
