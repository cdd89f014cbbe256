// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/run_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/progress.hpp"
#include "tb/cli/systemc_version.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"
#include "tb/output/output_file.hpp"
#include "tb/report/proc_report.hpp"
#include "tb/report/result_json.hpp"
#include "tb/report/text_report.hpp"
#include "tb/system/simulation.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/workload/generators.hpp"
#include "tb/workload/open_source.hpp"
#include "tb/workload/script_reader.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace mmusim::tb {

namespace {

/// The programs of a run, and the sources that they read from.
struct Workload {
    std::vector<std::unique_ptr<AccessSource>> sources;
    std::vector<Program> programs;
};

Configuration configuration_of(const RunArguments& arguments, const std::optional<Script>& script) {
    ConfigurationLayers layers{
        .preset = arguments.preset,
        .files = {arguments.configuration_files.begin(), arguments.configuration_files.end()},
        .settings = arguments.settings};
    if (script) {
        for (const ScriptSetting& setting : script->settings) {
            layers.script_settings.push_back(
                {.place = fmt::format("{}:{}", script->path, setting.line),
                 .assignment = setting.command.assignment});
        }
    }
    if (arguments.seed) {
        layers.settings.push_back(fmt::format("seed={}", *arguments.seed));
    }
    return resolve(layers);
}

std::string name_of_program(const std::string& trace) {
    return names_generator(trace) ? trace : std::filesystem::path(trace).filename().string();
}

Workload open_workload(const RunArguments& arguments, const Configuration& configuration) {
    const std::optional<TraceFormat> format = chosen_trace_format(arguments.format);
    const UserHalf user_half(configuration.paging.mode);
    Workload workload;
    const auto open = [&](const std::string& trace) -> AccessSource& {
        workload.sources.push_back(open_source(trace, format, configuration.seed, user_half));
        return *workload.sources.back();
    };
    const bool twice = configuration.os.page_replacement == sw::PageReplacementPolicy::opt;
    for (const std::string& trace : arguments.traces) {
        if (twice && !names_generator(trace)) {
            check_readable_twice(trace);
        }
        workload.programs.push_back({.name = name_of_program(trace),
                                     .origin = trace,
                                     .accesses = open(trace),
                                     .foreseen = twice ? &open(trace) : nullptr});
    }
    return workload;
}

std::optional<WaveWindow> wave_window_of(const RunArguments& arguments) {
    if (!arguments.waves) {
        if (arguments.waves_from || arguments.waves_to) {
            throw InputError("--vcd-from and --vcd-to: no wave file, expected --vcd FILE too");
        }
        return std::nullopt;
    }
    WaveWindow window{.path = *arguments.waves, .from = {arguments.waves_from.value_or(0)}};
    if (arguments.waves_to) {
        window.to = Cycles{*arguments.waves_to};
        if (*window.to < window.from) {
            throw InputError(fmt::format("--vcd-to {}: before --vcd-from {}, expected not before",
                                         *window.to, window.from));
        }
    }
    return window;
}

RunOptions options_of(const RunArguments& arguments) {
    if (arguments.limit != 0 && arguments.limit <= arguments.warmup) {
        throw InputError(fmt::format(
            "--limit {}: nothing is left to measure after --warmup {}, expected a higher limit",
            arguments.limit, arguments.warmup));
    }
    RunOptions options{.warmup = arguments.warmup,
                       .limit = arguments.limit,
                       .interval = arguments.interval,
                       .waves = wave_window_of(arguments),
                       .translation_log = arguments.translation_log,
                       .check = arguments.check,
                       .timing = arguments.timing};
    return options;
}

// An input is never overwritten, and no output by another.
void check_files(const RunArguments& arguments) {
    std::vector<std::string> inputs = arguments.traces;
    if (arguments.script) {
        inputs.push_back(*arguments.script);
    }
    inputs.insert(inputs.end(), arguments.configuration_files.begin(),
                  arguments.configuration_files.end());
    check_outputs(inputs, {arguments.json, arguments.translation_log, arguments.waves});
}

}  // namespace

ExitStatus run_command(const RunArguments& arguments) {
    if (arguments.script && !arguments.traces.empty()) {
        throw InputError(
            fmt::format("run: both --workload {} and trace {}, expected one of the two",
                        *arguments.script, arguments.traces.front()));
    }
    std::optional<Script> script;
    if (arguments.script) {
        script = read_script(*arguments.script);
    }
    const Configuration configuration = configuration_of(arguments, script);
    if (arguments.dump_configuration) {
        std::cout << to_text(configuration);
        return ExitStatus::ok;
    }
    if (arguments.traces.empty() && !script) {
        throw InputError("run: no trace, expected at least one TRACE, or --workload FILE");
    }
    RunOptions options = options_of(arguments);
    check_files(arguments);
    Workload workload = open_workload(arguments, configuration);
    // Opened before the work: what cannot be written is said at once.
    std::optional<OutputFile> json;
    const bool json_on_standard_output = arguments.json == standard_output;
    if (arguments.json) {
        json.emplace(json_on_standard_output ? "/dev/stdout" : *arguments.json);
    }

    Progress progress;
    options.progress = [&progress](std::uint64_t accesses) { progress.show(accesses); };
    const Interruption interruption;
    options.interrupted = &interruption.requested();
    const RunResult result = script ? simulate(configuration, *script, options)
                                    : simulate(configuration, workload.programs, options);
    progress.clear();

    if (json) {
        json->write(to_text(result, configuration, systemc_version()));
        json->commit();
    }
    if (!json_on_standard_output) {
        std::cout << text_report(result, configuration);
        if (arguments.proc) {
            std::cout << '\n' << proc_report(result, configuration);
        }
    }
    finish_standard_output();
    return result.interrupted ? ExitStatus::interrupted : ExitStatus::ok;
}

}  // namespace mmusim::tb
