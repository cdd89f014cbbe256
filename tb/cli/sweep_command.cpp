// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/sweep_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/optional_output.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/sweep_plan.hpp"
#include "tb/cli/sweep_work.hpp"
#include "tb/cli/workload.hpp"
#include "tb/output/output_file.hpp"
#include "tb/report/sections.hpp"
#include "tb/sweep/grid.hpp"
#include "tb/sweep/merge.hpp"
#include "tb/sweep/point_record.hpp"
#include "tb/sweep/point_table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace mmusim::tb {

namespace {

constexpr const char* sweep_group = "Sweep";

constexpr const char* sweep_examples = R"(Lists, for -L KEY=LIST:
  1,2,8           these values; of a key that takes sizes also 4KiB, 2M
  1:4             1, 2, 3, 4
  1:10:3          1, 4, 7, 10
  1:64:x2         1, 2, 4 ... 64
  A,B=1/2,3/4     two keys together: A=1 with B=2, then A=3 with B=4
  A,B=1:64:x2     two keys together, both with each value
The first -L varies slowest.

Examples:
  mmusim sweep -L tlbs.l1d.sets=1:64:x2 -L tlbs.l1d.ways=1,2,4,8 program.lackey.xz
      a heat map of cycles per translation over the shapes of a TLB
  mmusim sweep -L os.page_replacement=fifo,lru,clock --csv out.csv --workload day.workload
      a row of all figures for each policy; continue it after an interruption with --resume
  mmusim sweep -L tlbs.l2.ways=1:16 --shard 0/4 --json part-0.jsonl program.lackey.xz
  mmusim sweep --merge part-0.jsonl part-1.jsonl part-2.jsonl part-3.jsonl --csv out.csv
      one of four parts, each on a machine of its own, and all of them made one)";

struct SweepOutputs {
    explicit SweepOutputs(const SweepArguments& arguments)
        : csv(arguments.csv), json(arguments.json) {}

    OptionalOutput csv;
    OptionalOutput json;
};

using Lines = std::vector<std::string>;

// As wide as the terminal; without one as wide as a report, and without colours.
[[nodiscard]] HeatMapPlace place_of_text() {
    HeatMapPlace place{.columns = report_columns, .colours = false};
    if (::isatty(STDOUT_FILENO) == 1) {
        winsize size{};
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system has no other way
        if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) {
            place.columns = size.ws_col;
        }
        // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
        const char* const no_colour = std::getenv("NO_COLOR");
        place.colours = no_colour == nullptr || *no_colour == '\0';
    }
    return place;
}

// A point that failed is told at the end, when no progress is in the way.
void tell_failures(const Lines& lines) {
    constexpr std::size_t most_told = 10;
    std::size_t failed = 0;
    for (const std::string& line : lines) {
        const PointRecord record = record_of(line, "a line of this sweep");
        if (!record.error || record.interrupted || ++failed > most_told) {
            continue;
        }
        std::string at;
        const Lines names = key_names(record);
        const Lines values = key_cells(record);
        for (std::size_t key = 0; key < names.size(); ++key) {
            at += fmt::format("{}{}={}", key == 0 ? "" : " ", names[key], values[key]);
        }
        std::cerr << fmt::format("mmusim: point {} ({}): {}\n", record.point, at, *record.error);
    }
    if (failed > most_told) {
        std::cerr << fmt::format("mmusim: and {} points more failed\n", failed - most_told);
    }
}

void write_outputs(SweepOutputs& outputs, const Lines& keys, const Lines& lines) {
    if (outputs.csv.is_wanted()) {
        write_point_table(keys, lines, [&](std::string_view text) { outputs.csv.write(text); });
    }
    if (outputs.json.is_wanted()) {
        for (const std::string& line : lines) {
            outputs.json.write(line);
        }
    }
    for (OptionalOutput* const output : {&outputs.csv, &outputs.json}) {
        if (output->is_wanted()) {
            output->commit();
        }
    }
}

void show_summary(const SweepArguments& arguments, const SweepOutputs& outputs,
                  const Lines& lines) {
    if (!outputs.csv.takes_standard_output() && !outputs.json.takes_standard_output()) {
        std::cout << sweep_summary(lines, arguments.shown_figure, place_of_text());
    }
    finish_standard_output();
    tell_failures(lines);
}

void check_merge(const SweepArguments& arguments) {
    if (arguments.workload.traces.empty()) {
        throw InputError("--merge: no file, expected the outputs of the shards");
    }
    if (arguments.shard || arguments.resume || arguments.workload.script) {
        throw InputError(
            "--merge: simulates nothing, expected it without --shard, --resume and --workload");
    }
    check_outputs(arguments.workload.traces, {arguments.csv, arguments.json});
}

[[nodiscard]] std::optional<Grid> grid_of(const SweepArguments& arguments) {
    if (arguments.axes.empty()) {
        return std::nullopt;
    }
    Problems problems;
    Grid grid = parse_grid(arguments.axes, problems);
    if (!problems.empty()) {
        throw InputError(fmt::format("{}", fmt::join(problems, "\n")));
    }
    return grid;
}

[[nodiscard]] ExitStatus merge(const SweepArguments& arguments) {
    check_merge(arguments);
    const MergedSweep merged = merge_sweeps(arguments.workload.traces, grid_of(arguments));
    if (merged.table) {
        if (arguments.json || !arguments.csv) {
            throw InputError("--merge: tables make a table, expected --csv FILE and no --json");
        }
        OutputFile csv(file_named(*arguments.csv));
        csv.write(*merged.table);
        csv.commit();
    } else {
        SweepOutputs outputs(arguments);
        const Lines keys = merged.lines.empty()
                               ? Lines()
                               : key_names(record_of(merged.lines.front(), "a merged line"));
        write_outputs(outputs, keys, merged.lines);
        show_summary(arguments, outputs, merged.lines);
    }
    return merged.any_failed ? ExitStatus::failure_found : ExitStatus::ok;
}

// The progress of a sweep, beside the first output that is a file.
[[nodiscard]] std::optional<std::string> journal_path(const SweepArguments& arguments,
                                                      const SweepOutputs& outputs) {
    constexpr std::string_view suffix = ".partial";
    if (outputs.csv.is_regular()) {
        return fmt::format("{}{}", *arguments.csv, suffix);
    }
    if (outputs.json.is_regular()) {
        return fmt::format("{}{}", *arguments.json, suffix);
    }
    if (arguments.resume) {
        throw InputError("--resume: no output is a file, expected --csv FILE or --json FILE");
    }
    return std::nullopt;
}

[[nodiscard]] ExitStatus status_of(const SweptLines& swept) {
    if (swept.interrupted) {
        return ExitStatus::interrupted;
    }
    return swept.any_failed ? ExitStatus::failure_found : ExitStatus::ok;
}

[[nodiscard]] ExitStatus sweep(const SweepArguments& arguments) {
    const SweepPlan plan = plan_sweep(arguments);
    const std::vector<std::string> inputs = files_read_by(plan, arguments);
    check_outputs(inputs, {arguments.csv, arguments.json});
    SweepOutputs outputs(arguments);
    const std::optional<std::string> path = journal_path(arguments, outputs);
    check_outputs(inputs, {arguments.csv, arguments.json, path});
    // Read before anything is written.
    const RecordedTraces traces = record_traces(arguments.workload);
    const Interruption interruption;
    std::optional<Journal> journal;
    if (path) {
        journal.emplace(*path, identity_of(plan, arguments),
                        arguments.resume ? Journal::Start::continued : Journal::Start::anew);
    }
    SweepWork work(arguments, plan, traces, journal ? &*journal : nullptr);
    const SweptLines swept = work.lines(interruption.requested());
    write_outputs(outputs, plan.grid.keys(), swept.lines);
    if (journal && !swept.interrupted) {
        journal->remove();
    }
    show_summary(arguments, outputs, swept.lines);
    return status_of(swept);
}

void add_sweep_options(CLI::App& command, SweepArguments& arguments) {
    command.add_option("-L", arguments.axes, "a key and the values that it takes; may be repeated")
        ->type_name("KEY=LIST")
        ->allow_extra_args(false)
        ->group(sweep_group);
    command
        .add_option("--repeat", arguments.repeat,
                    "simulate each point with N seeds, from --seed on: mean and spread")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(sweep_group);
    command
        .add_option("--jobs", arguments.jobs,
                    "simulations at once; default: as many as there are processors")
        ->transform(whole_number())
        ->type_name("N")
        ->group(sweep_group);
    command
        .add_option("--shard", arguments.shard,
                    "do only every N-th point, from point I on; I is from 0 to N - 1")
        ->type_name("I/N")
        ->group(sweep_group);
    command
        .add_flag("--resume", arguments.resume,
                  "go on where the same sweep was interrupted, by the FILE.partial beside its "
                  "output; where there is none, begin")
        ->group(sweep_group);
    command
        .add_flag("--merge", arguments.merge,
                  "simulate nothing: make one of the outputs of all shards, in place of TRACEs")
        ->group(sweep_group);
    command
        .add_flag("--check", arguments.check,
                  "judge every translation by a second opinion; a difference fails the point")
        ->group(sweep_group);
}

void add_output_options(CLI::App& command, SweepArguments& arguments) {
    command
        .add_option("--csv", arguments.csv,
                    "a row for each point: its keys, all figures, error; - is standard output")
        ->type_name("FILE")
        ->group(output_group);
    command
        .add_option("--json", arguments.json,
                    "a line of JSON for each point, with its whole result; - is standard output")
        ->type_name("FILE")
        ->group(output_group);
    command
        .add_option("--show", arguments.shown_figure,
                    "the figure of the heat map or the table, or the end of its name")
        ->type_name("NAME")
        ->capture_default_str()
        ->group(output_group);
}

}  // namespace

ExitStatus sweep_command(const SweepArguments& arguments) {
    return arguments.merge ? merge(arguments) : sweep(arguments);
}

void add_sweep_command(CLI::App& program, SweepArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand(
        "sweep", "simulate each point of a grid of parameters, in processes side by side");
    add_sweep_options(*command, arguments);
    add_machine_options(*command, arguments.machine);
    add_workload_options(*command, arguments.workload);
    add_output_options(*command, arguments);
    command->footer(sweep_examples);
    command->callback([&] { chosen = [&arguments] { return sweep_command(arguments); }; });
}

}  // namespace mmusim::tb
