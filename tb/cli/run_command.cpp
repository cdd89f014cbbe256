// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/run_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/optional_output.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/progress.hpp"
#include "tb/cli/repeated_run.hpp"
#include "tb/cli/systemc_version.hpp"
#include "tb/cli/what_if.hpp"
#include "tb/cli/workload.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/report/proc_report.hpp"
#include "tb/report/result_json.hpp"
#include "tb/report/text_report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iostream>

namespace mmusim::tb {

namespace {

constexpr const char* run_examples = R"(Examples:
  mmusim run program.lackey.xz
      one process on the default machine
  mmusim run --preset plain --set tlbs.l1d.ways=8 --json result.json a.mmutrace b.mmutrace
      two processes in turns on a machine of your own
  mmusim run --vcd waves.vcd --vcd-to 20000 generate:chase,footprint=16MiB
      look at the first cycles of a generated program
  mmusim run --vcd fault.vcd --vcd-around fault:3 program.lackey.xz
      look at the third page fault
  mmusim run --events walks.json --log walks.log program.lackey.xz
      follow each translation that missed the first TLB, as slices and in words
  mmusim run --what-if program.lackey.xz
      what would a perfect TLB, free page faults and the like save?)";

constexpr std::uint64_t default_events_limit = 10'000;

std::optional<EventsRequest> events_of(const RunArguments& arguments) {
    if (!arguments.events) {
        if (arguments.events_limit || arguments.events_hits) {
            throw InputError(
                "--events-limit and --events-hits: no events file, expected --events FILE too");
        }
        return std::nullopt;
    }
    return EventsRequest{.path = *arguments.events,
                         .limit = arguments.events_limit.value_or(default_events_limit),
                         .first_hits = arguments.events_hits};
}

RunOptions options_of(const RunArguments& arguments) {
    return {.warmup = arguments.workload.warmup,
            .limit = arguments.workload.limit,
            .interval = arguments.interval,
            .translation_log = arguments.translation_log,
            .events = events_of(arguments),
            .walk_log = arguments.walk_log,
            .check = arguments.check,
            .timing = arguments.timing};
}

// The same run once more, for somebody who looks for a cycle of it: without what it writes.
void search_run(const Configuration& configuration, const WorkloadArguments& workload,
                const std::optional<Script>& script, const RunOptions& options,
                RunObserver& observer, const std::atomic<bool>& enough) {
    const RunOptions search{.warmup = options.warmup,
                            .limit = options.limit,
                            .observer = &observer,
                            .progress = options.progress,
                            .interrupted = &enough};
    static_cast<void>(simulate_workload(configuration, workload, script, search));
}

// An ideal whose run failed is told in its row, and by the status.
ExitStatus status_of(const RunResult& result) {
    if (result.interrupted) {
        return ExitStatus::interrupted;
    }
    const bool failed =
        result.what_if && std::any_of(result.what_if->begin(), result.what_if->end(),
                                      [](const auto& row) { return !row.cycles; });
    return failed ? ExitStatus::failure_found : ExitStatus::ok;
}

void add_output_options(CLI::App& command, RunArguments& arguments) {
    command
        .add_option("--json", arguments.json,
                    "all figures as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE")
        ->group(output_group);
    command
        .add_option("--accesses", arguments.translation_log,
                    "a row for each translation, as comma-separated values")
        ->type_name("FILE")
        ->group(output_group);
    command.add_option("--interval", arguments.interval, "a timeline entry every N accesses")
        ->transform(whole_number())
        ->type_name("N")
        ->group(output_group);
    command
        .add_option("--events", arguments.events,
                    "translations as slices in each other, for Perfetto or speedscope: all but "
                    "plain hits in a first TLB")
        ->type_name("FILE")
        ->group(output_group);
    command
        .add_option("--events-limit", arguments.events_limit,
                    fmt::format("the first N of them; 0 is no limit, and 1 KiB each [{}]",
                                default_events_limit))
        ->transform(whole_number())
        ->type_name("N")
        ->group(output_group);
    command.add_flag("--events-hits", arguments.events_hits, "those hits as well")
        ->group(output_group);
    command
        .add_option("--log", arguments.walk_log,
                    "a line for each walk: its entries and its outcome in words")
        ->type_name("FILE")
        ->group(output_group);
    add_wave_options(command, arguments.waves);
    command
        .add_flag("--proc", arguments.proc,
                  "after the report, memory at the end as Linux shows it: maps, smaps and statm of "
                  "each process, vmstat, ipcs -m")
        ->group(output_group);
    command
        .add_flag("--check", arguments.check,
                  "judge every translation by the page tables in memory and the operating system's "
                  "map; the first difference ends the run with status 1")
        ->group(output_group);
    command
        .add_flag("--what-if", arguments.what_if,
                  "run again with one part ideal at a time, in processes beside this one: the "
                  "cycles that each would save")
        ->group(output_group);
    command
        .add_flag("--timing", arguments.timing,
                  "also say how fast the simulator was; differs from run to run")
        ->group(output_group);
}

}  // namespace

ExitStatus run_command(const RunArguments& arguments) {
    const std::optional<Script> script = script_of("run", arguments.workload);
    const Configuration configuration = configuration_of(arguments.machine, script);
    if (arguments.dump_configuration) {
        std::cout << to_text(configuration);
        finish_standard_output();
        return ExitStatus::ok;
    }
    check_workload("run", arguments.workload);
    check_repeat(arguments);
    RunOptions options = options_of(arguments);
    // An input is never overwritten, and no output by another.
    check_outputs(inputs_of(arguments.machine, arguments.workload),
                  {arguments.json, arguments.translation_log, arguments.events, arguments.walk_log,
                   arguments.waves.path});
    check_wave_arguments(arguments.waves, arguments.workload, script);
    OptionalOutput json(arguments.json);

    if (arguments.repeat != 1) {
        return repeated_run(arguments, configuration, script, options, json);
    }

    Progress progress;
    options.progress = [&progress](std::uint64_t accesses) { progress.show(accesses); };
    const Interruption interruption;
    options.interrupted = &interruption.requested();
    options.waves = wave_window_of(
        arguments.waves,
        [&](RunObserver& observer, const std::atomic<bool>& enough) {
            search_run(configuration, arguments.workload, script, options, observer, enough);
        },
        interruption.requested());
    progress.clear();  // what the search for that window has shown
    // Other processes begin before this one has made any part of its machine.
    std::optional<WhatIf> what_if;
    if (arguments.what_if) {
        what_if.emplace(configuration, arguments.workload, script, options);
    }
    RunResult result = simulate_workload(configuration, arguments.workload, script, options);
    progress.clear();
    if (what_if) {
        result.what_if = what_if->rows(result.totals.cycles, interruption.requested());
        result.interrupted = result.interrupted || interruption.requested();
    }

    if (json.is_wanted()) {
        json.write(to_text(result, configuration, systemc_version()));
        json.commit();
    }
    if (!json.takes_standard_output()) {
        std::cout << text_report(result, configuration);
        if (arguments.proc) {
            std::cout << '\n' << proc_report(result, configuration);
        }
    }
    finish_standard_output();
    return status_of(result);
}

void add_run_command(CLI::App& program, RunArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand("run", "simulate programs and report");
    add_machine_options(*command, arguments.machine);
    command
        ->add_flag("--dump-config", arguments.dump_configuration,
                   "print the resolved configuration and do nothing else")
        ->group(machine_group);
    add_workload_options(*command, arguments.workload);
    command
        ->add_option("--repeat", arguments.repeat,
                     "run with N seeds, from --seed on, in processes side by side: the report of "
                     "the first, and mean and spread of all")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    add_output_options(*command, arguments);
    command->footer(generator_help() + "\n" + run_examples);
    command->callback([&] { chosen = [&arguments] { return run_command(arguments); }; });
}

}  // namespace mmusim::tb
