// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/command_line.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/config_command.hpp"
#include "tb/cli/explore_command.hpp"
#include "tb/cli/run_command.hpp"
#include "tb/cli/systemc_version.hpp"
#include "tb/cli/trace_command.hpp"
#include "tb/cli/walk_command.hpp"
#include "tb/report/version.hpp"
#include "tb/text/parse.hpp"
#include "tb/workload/generators.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

namespace {

using Command = std::function<ExitStatus()>;

constexpr const char* run_examples = R"(Examples:
  mmusim run program.lackey.xz
      one process on the default machine
  mmusim run --preset plain --set tlbs.l1d.ways=8 --json result.json a.mmutrace b.mmutrace
      two processes in turns on a machine of your own
  mmusim run --vcd waves.vcd --vcd-to 20000 generate:chase,footprint=16MiB
      look at the first cycles of a generated program)";

// The library would take -1 for the largest number there is, and 010 for eight.
const CLI::Validator& whole_number() {
    static const CLI::Validator validator(
        [](std::string& text) {
            const std::optional<std::uint64_t> value = parse_unsigned(text);
            if (!value) {
                return fmt::format("\"{}\", expected a whole number below 2^64", text);
            }
            text = fmt::format("{}", *value);
            return std::string();
        },
        "");
    return validator;
}

std::string generator_help() {
    std::string text = "Generated programs, as generate:NAME[,KEY=VALUE...]:\n";
    for (const GeneratorDescription& generator : generators()) {
        text += fmt::format("  {:<12}{}\n", generator.name, generator.description);
    }
    return text;
}

void add_machine_options(CLI::App& command, RunArguments& arguments) {
    constexpr const char* group = "Machine";
    command.add_option("--preset", arguments.preset, "the machine to start from")
        ->type_name("NAME")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("-c,--config", arguments.configuration_files,
                    "a JSON file over the preset; several are merged in order")
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->group(group);
    command
        .add_option("--set", arguments.settings,
                    "one parameter over all files, as tlbs.l1d.sets=32; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false)
        ->group(group);
    command.add_option("--seed", arguments.seed, "where all random numbers start")
        ->transform(whole_number())
        ->type_name("N")
        ->group(group);
    command
        .add_flag("--dump-config", arguments.dump_configuration,
                  "print the resolved configuration and do nothing else")
        ->group(group);
}

void add_workload_options(CLI::App& command, RunArguments& arguments) {
    constexpr const char* group = "Workload";
    command
        .add_option("TRACE", arguments.traces,
                    "a trace file, plain or compressed, or generate:NAME; each is a process")
        ->group(group);
    command
        .add_option("--workload", arguments.script,
                    "a script, in place of traces: processes, mappings, accesses, a line each")
        ->type_name("FILE")
        ->group(group);
    command.add_option("--format", arguments.format, "the traces' format, if it is not detected")
        ->type_name("lackey|binary")
        ->group(group);
    command.add_option("--warmup", arguments.warmup, "accesses before the figures start from zero")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--limit", arguments.limit,
                    "accesses in all, the warm-up's included; 0 is no limit")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
}

void add_output_options(CLI::App& command, RunArguments& arguments) {
    constexpr const char* group = "Output";
    command
        .add_option("--json", arguments.json,
                    "all figures as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--accesses", arguments.translation_log,
                    "a row for each translation, as comma-separated values")
        ->type_name("FILE")
        ->group(group);
    command.add_option("--interval", arguments.interval, "a timeline entry every N accesses")
        ->transform(whole_number())
        ->type_name("N")
        ->group(group);
    command.add_option("--vcd", arguments.waves, "the waves of the run")
        ->type_name("FILE")
        ->group(group);
    command.add_option("--vcd-from", arguments.waves_from, "the first cycle in the waves")
        ->transform(whole_number())
        ->type_name("CYCLE")
        ->group(group);
    command.add_option("--vcd-to", arguments.waves_to, "the last cycle in the waves")
        ->transform(whole_number())
        ->type_name("CYCLE")
        ->group(group);
    command
        .add_flag("--proc", arguments.proc,
                  "after the report, memory at the end as Linux shows it: maps, smaps and statm of "
                  "each process, vmstat, ipcs -m")
        ->group(group);
    command
        .add_flag("--check", arguments.check,
                  "judge every translation by the page tables in memory and the operating system's "
                  "map; the first difference ends the run with status 1")
        ->group(group);
    command
        .add_flag("--timing", arguments.timing,
                  "also say how fast the simulator was; differs from run to run")
        ->group(group);
}

void add_run_command(CLI::App& program, RunArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand("run", "simulate programs and report");
    add_machine_options(*command, arguments);
    add_workload_options(*command, arguments);
    add_output_options(*command, arguments);
    command->footer(generator_help() + "\n" + run_examples);
    command->callback([&] { chosen = [&arguments] { return run_command(arguments); }; });
}

constexpr const char* explore_examples = R"(Examples:
  mmusim explore program.lackey.xz
      which TLB a program needs
  mmusim explore --json misses.json a.mmutrace b.mmutrace
      the same for two processes in turns, all counts for other programs to read)";

void add_explore_command(CLI::App& program, ExploreArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand(
        "explore", "count what LRU TLBs of all shapes would miss, in one pass");
    command->add_option("TRACE", arguments.traces,
                        "a trace file, plain or compressed, or generate:NAME; each is a process");
    command->add_option("--format", arguments.format, "the traces' format, if it is not detected")
        ->type_name("lackey|binary");
    command->add_option("--seed", arguments.seed, "where all random numbers start")
        ->transform(whole_number())
        ->type_name("N");
    command->add_option("--limit", arguments.limit, "accesses in all; 0 is no limit")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--turn", arguments.turn, "accesses before the next process has its turn")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option("--json", arguments.json,
                     "all counts as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE");
    command->footer(generator_help() + "\n" + explore_examples);
    command->callback([&] { chosen = [&arguments] { return explore_command(arguments); }; });
}

void add_trace_command(CLI::App& program, ConvertArguments& convert_arguments,
                       InfoArguments& info_arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand("trace", "look at traces and convert them");
    command->require_subcommand(1);

    CLI::App* convert =
        command->add_subcommand("convert", "write a trace in the project's own compact format");
    convert->add_option("INPUT", convert_arguments.input, "the trace to read")->required();
    convert
        ->add_option("-o,--output", convert_arguments.output,
                     "the trace to write; compressed if it ends in .xz, .zst, .gz, .bz2 or .lz4")
        ->type_name("FILE")
        ->required();
    convert->add_option("--format", convert_arguments.format, "the input's format")
        ->type_name("lackey|binary");
    convert->add_option("--skip", convert_arguments.skip, "accesses to leave out at the beginning")
        ->transform(whole_number())
        ->type_name("N");
    convert->add_option("--limit", convert_arguments.limit, "then so many; 0 is all")
        ->transform(whole_number())
        ->type_name("N");
    convert->callback(
        [&] { chosen = [&convert_arguments] { return convert_command(convert_arguments); }; });

    CLI::App* info = command->add_subcommand("info", "say what a trace holds");
    info->add_option("INPUT", info_arguments.input, "the trace to read")->required();
    info->add_option("--format", info_arguments.format, "the input's format")
        ->type_name("lackey|binary");
    info->callback([&] { chosen = [&info_arguments] { return info_command(info_arguments); }; });
}

void add_walk_command(CLI::App& program, WalkArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand("walk", "answer walk vectors on standard output");
    command
        ->add_option("--vectors", arguments.vectors,
                     "page tables and accesses as text, plain or compressed")
        ->type_name("FILE")
        ->required();
    command->add_flag("--timed", arguments.timed,
                      "send each access through the modules of the hardware; the answers are the "
                      "same");
    command->callback([&] { chosen = [&arguments] { return walk_command(arguments); }; });
}

// The library would say only that a command is missing.
void check_command_names(CLI::App& program, std::span<char* const> arguments) {
    CLI::App* command = &program;
    for (const std::string argument : arguments.subspan(1)) {
        const auto known = command->get_subcommands([](const CLI::App*) { return true; });
        if (known.empty() || argument.starts_with('-')) {
            return;
        }
        const auto named = std::find_if(known.begin(), known.end(), [&](const CLI::App* each) {
            return each->get_name() == argument;
        });
        if (named == known.end()) {
            std::vector<std::string> names;
            std::transform(known.begin(), known.end(), std::back_inserter(names),
                           [](const CLI::App* each) { return each->get_name(); });
            throw InputError(fmt::format("{}: no such command, expected one of {}", argument,
                                         fmt::join(names, ", ")));
        }
        command = *named;
    }
}

// Every line of a message says whose it is.
void complain(std::string_view message) {
    while (!message.empty()) {
        const std::size_t end = message.find('\n');
        std::cerr << "mmusim: " << message.substr(0, end) << '\n';
        message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
    }
}

}  // namespace

int run_command_line(std::span<char* const> arguments) {
    CLI::App program(
        "Cycle-level simulation of address translation: TLBs, page-table walks, memory "
        "and page faults.",
        "mmusim");
    program.set_version_flag("-V,--version",
                             fmt::format("mmusim {} (SystemC {})", version(), systemc_version()));
    program.require_subcommand(1);
    RunArguments run_arguments;
    ExploreArguments explore_arguments;
    ConvertArguments convert_arguments;
    InfoArguments info_arguments;
    WalkArguments walk_arguments;
    ConfigArguments config_arguments;
    Command command;
    add_run_command(program, run_arguments, command);
    add_explore_command(program, explore_arguments, command);
    add_trace_command(program, convert_arguments, info_arguments, command);
    add_config_command(program, config_arguments, command);
    add_walk_command(program, walk_arguments, command);

    try {
        check_command_names(program, arguments);
        program.parse(static_cast<int>(arguments.size()), arguments.data());
        return static_cast<int>(command());
    } catch (const CLI::Success& success) {
        return program.exit(success);
    } catch (const CLI::ParseError& error) {
        complain(fmt::format("{}\nsee mmusim --help, or mmusim run --help", error.what()));
    } catch (const InputError& error) {
        complain(error.what());
    } catch (const ModelError& error) {
        complain(fmt::format("this is a defect of the simulator: {}", error.what()));
        return static_cast<int>(ExitStatus::failure_found);
    } catch (const std::exception& error) {
        complain(error.what());
        return static_cast<int>(ExitStatus::failure_found);
    }
    return static_cast<int>(ExitStatus::bad_input);
}

}  // namespace mmusim::tb
