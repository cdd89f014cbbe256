// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/record_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/output/output_file.hpp"
#include "tb/record/program_file.hpp"
#include "tb/record/program_under_qemu.hpp"
#include "tb/record/recording.hpp"
#include "tb/trace/binary_trace.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>

namespace mmusim::tb {

namespace {

constexpr const char* record_examples = R"(Examples:
  mmusim trace record -- sort words.txt
      writes sort.workload and sort.mmutrace.zst, and prints what sort prints
  mmusim run --workload sort.workload
      then runs what was recorded
  mmusim trace record -o first --limit 5000000 -- ./program arguments
      the first five million accesses, as first.workload and first.mmutrace.zst

The program is one for x86-64 or 64-bit RISC-V, and runs under QEMU (Debian: qemu-user).
A process that another program takes the place of (execve) is recorded up to there.)";

[[nodiscard]] std::string search_path() {
    const char* const path = std::getenv("PATH");
    return path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
}

[[nodiscard]] std::filesystem::path find_qemu(GuestMachine machine) {
    const std::string name = fmt::format("qemu-{}", machine);
    if (const auto found = find_program(name, search_path())) {
        return *found;
    }
    throw InputError(
        fmt::format("{}: not found, expected QEMU for programs in PATH\n"
                    "on Debian: apt-get install qemu-user",
                    name));
}

/// Beside this program, or where an installed one has its parts.
[[nodiscard]] std::filesystem::path find_recorder() {
    const std::filesystem::path directory =
        std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const std::array places{directory / "mmusim_recorder.so",
                            directory.parent_path() / "lib/mmusim/mmusim_recorder.so"};
    const auto* const found = std::find_if(places.begin(), places.end(), [](const auto& place) {
        return std::filesystem::exists(place);
    });
    if (found == places.end()) {
        throw InputError(
            fmt::format("{}: not there, expected the recorder that is built with this program",
                        places.front().string()));
    }
    return *found;
}

struct Outputs {
    std::string script;
    std::string trace;
    std::string trace_in_script;
};

/// The script names the trace, so neither may look like several words there.
[[nodiscard]] Outputs outputs_of(const RecordArguments& arguments,
                                 const std::filesystem::path& program) {
    const std::filesystem::path name = arguments.output
                                           ? std::filesystem::path(*arguments.output)
                                           : std::filesystem::path(program.filename().string());
    const std::string trace = name.filename().string() + ".mmutrace.zst";
    if (name.filename().empty() || trace.find_first_of(" \t\n#") != std::string::npos) {
        throw InputError(
            fmt::format("--output {}: expected a name without blanks and #", name.string()));
    }
    return {.script = name.string() + ".workload",
            .trace = name.string() + ".mmutrace.zst",
            .trace_in_script = trace};
}

}  // namespace

ExitStatus record_command(const RecordArguments& arguments) {
    const std::string& name = arguments.program.front();
    const auto program = find_program(name, search_path());
    if (!program) {
        throw InputError(fmt::format("{}: not found, expected a program", name));
    }
    const GuestMachine machine = machine_of(*program);
    const QemuCommand command{.machine = machine,
                              .qemu = find_qemu(machine),
                              .recorder = find_recorder(),
                              .program = *program,
                              .arguments = arguments.program};
    const Outputs outputs = outputs_of(arguments, *program);
    check_outputs({program->string()}, {outputs.script, outputs.trace});

    // Opened before the work: what cannot be written is said at once.
    OutputFile script(outputs.script);
    BinaryTraceWriter trace(outputs.trace);
    Recording recording({.machine = machine,
                         .program = program->string(),
                         .trace = outputs.trace_in_script,
                         .limit = arguments.limit,
                         .read_file = read_whole_file,
                         .take_accesses = [&trace](std::span<const Access> accesses) {
                             for (const Access& access : accesses) {
                                 trace.write(access);
                             }
                         }});
    ProgramUnderQemu running(command);
    running.listen([&recording](std::span<const std::uint64_t> packet) {
        recording.take(packet);
        return !recording.full();
    });
    const int status = running.wait();
    if (!recording.begun()) {
        throw InputError(fmt::format("{}: ended with status {} before the program began",
                                     command.qemu.string(), status));
    }
    trace.finish();
    script.write(recording.finish());
    script.commit();
    std::cerr << fmt::format("{}, {}: {} accesses\n", outputs.script, outputs.trace,
                             recording.accesses());
    return static_cast<ExitStatus>(status);
}

void add_record_command(CLI::App& trace, RecordArguments& arguments, Command& chosen) {
    CLI::App* record = trace.add_subcommand(
        "record", "run a program, and write its accesses and its memory system calls");
    record
        ->add_option("PROGRAM", arguments.program,
                     "the program and its arguments, after -- if they begin with -")
        ->required();
    record
        ->add_option("-o,--output", arguments.output,
                     "what the two files are called before .workload and .mmutrace.zst; the "
                     "program's name if not given")
        ->type_name("NAME")
        ->group(output_group);
    record->add_option("--limit", arguments.limit, "record so many accesses; 0 is no limit")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    record->footer(record_examples);
    record->callback([&] { chosen = [&arguments] { return record_command(arguments); }; });
}

}  // namespace mmusim::tb
