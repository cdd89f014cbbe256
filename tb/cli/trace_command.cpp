// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/trace_command.hpp"

#include <CLI/CLI.hpp>

namespace mmusim::tb {

namespace {

constexpr const char* trace_formats =
    R"(Formats that can be read, plain or as .xz, .zst, .gz, .bz2 or .lz4; told by contents and name, or by
--format:
  lackey       the text of valgrind --tool=lackey --trace-mem=yes    .lackey
  champsim     ChampSim's instructions                               .champsim, .champsimtrace
  cloudsuite   the same as the CloudSuite traces have them           .cloudsuite
  din          the text of Dinero                                    .din
  drmemtrace   DynamoRIO's memory traces, also as .zip               drmemtrace., .memtrace
  binary       the project's own                                     .mmutrace

See mmusim trace info --help, and so on.)";

}  // namespace

void add_trace_command(CLI::App& program, TraceArguments& arguments, Command& chosen) {
    CLI::App* trace = program.add_subcommand("trace", "look at traces and convert them");
    trace->require_subcommand(1);
    trace->footer(trace_formats);
    add_trace_info_command(*trace, arguments.info, chosen);
    add_trace_convert_command(*trace, arguments.convert, chosen);
    add_record_command(*trace, arguments.record, chosen);
}

}  // namespace mmusim::tb
