// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/options.hpp"

#include "hw/base/enumeration.hpp"
#include "tb/text/parse.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/workload/generators.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mmusim::tb {

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

void add_machine_options(CLI::App& command, MachineArguments& arguments) {
    command.add_option("--preset", arguments.preset, "the machine to start from")
        ->type_name("NAME")
        ->capture_default_str()
        ->group(machine_group);
    command
        .add_option("-c,--config", arguments.configuration_files,
                    "a JSON file over the preset; several are merged in order")
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->group(machine_group);
    command
        .add_option("--set", arguments.settings,
                    "one parameter over all files, as tlbs.l1d.sets=32; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false)
        ->group(machine_group);
    add_seed_option(command, arguments.seed, machine_group);
}

void add_workload_options(CLI::App& command, WorkloadArguments& arguments) {
    add_traces(command, arguments.traces);
    command
        .add_option("--workload", arguments.script,
                    "a script, in place of traces: processes, mappings, accesses, a line each")
        ->type_name("FILE")
        ->group(workload_group);
    add_format_option(command, arguments.format);
    command.add_option("--warmup", arguments.warmup, "accesses before the figures start from zero")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    command
        .add_option("--limit", arguments.limit,
                    "accesses in all, the warm-up's included; 0 is no limit")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
}

void add_traces(CLI::App& command, std::vector<std::string>& traces) {
    command
        .add_option("TRACE", traces,
                    "a trace file, plain or compressed, or generate:NAME; each is a process")
        ->group(workload_group);
}

void add_format_option(CLI::App& command, std::optional<std::string>& format) {
    command.add_option("--format", format, "the traces' format, if it is not detected")
        ->type_name(fmt::format("{}", fmt::join(names_of<TraceFormat>, "|")))
        ->group(workload_group);
}

void add_seed_option(CLI::App& command, std::optional<std::uint64_t>& seed, const char* group) {
    command.add_option("--seed", seed, "where all random numbers start")
        ->transform(whole_number())
        ->type_name("N")
        ->group(group);
}

std::string generator_help() {
    std::string text = "Generated programs, as generate:NAME[,KEY=VALUE...]:\n";
    for (const GeneratorDescription& generator : generators()) {
        text += fmt::format("  {:<12}{}\n", generator.name, generator.description);
    }
    return text;
}

}  // namespace mmusim::tb
