// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/workload.hpp"

#include "hw/base/problems.hpp"
#include "tb/config/resolve.hpp"
#include "tb/system/simulation.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/workload/generators.hpp"
#include "tb/workload/open_source.hpp"
#include "tb/workload/script_reader.hpp"
#include "tb/workload/script_rehearsal.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>

namespace mmusim::tb {

namespace {

/// The programs of a run, and the sources that they read from.
struct OpenedTraces {
    std::vector<std::unique_ptr<AccessSource>> sources;
    std::vector<Program> programs;
};

std::string name_of_program(const std::string& trace) {
    return names_generator(trace) ? trace : std::filesystem::path(trace).filename().string();
}

void check_traces_readable_twice(const std::vector<std::string>& traces,
                                 const RecordedTraces& recorded, std::string_view reader) {
    for (const std::string& trace : traces) {
        if (!names_generator(trace) && !recorded.holds(trace)) {
            check_readable_twice(trace, reader);
        }
    }
}

OpenedTraces open_traces(const WorkloadArguments& arguments, const Configuration& configuration,
                         const RecordedTraces& recorded) {
    const std::optional<TraceFormat> format = chosen_trace_format(arguments.format);
    const UserHalf user_half(configuration.paging.mode);
    OpenedTraces traces;
    const auto open = [&](const std::string& trace) -> AccessSource& {
        std::unique_ptr<AccessSource> source = recorded.open(trace, user_half);
        if (!source) {
            source = open_source(trace, format, configuration.seed, user_half);
        }
        traces.sources.push_back(std::move(source));
        return *traces.sources.back();
    };
    const bool twice = configuration.os.page_replacement == sw::PageReplacementPolicy::opt;
    if (twice) {
        check_traces_readable_twice(arguments.traces, recorded, "os.page_replacement = opt");
    }
    for (const std::string& trace : arguments.traces) {
        traces.programs.push_back({.name = name_of_program(trace),
                                   .origin = trace,
                                   .accesses = open(trace),
                                   .foreseen = twice ? &open(trace) : nullptr});
    }
    return traces;
}

}  // namespace

std::optional<Script> script_of(std::string_view command, const WorkloadArguments& arguments) {
    if (!arguments.script) {
        return std::nullopt;
    }
    if (!arguments.traces.empty()) {
        throw InputError(fmt::format("{}: both --workload {} and trace {}, expected one of the two",
                                     command, *arguments.script, arguments.traces.front()));
    }
    return read_script(*arguments.script);
}

void check_workload(std::string_view command, const WorkloadArguments& arguments) {
    if (arguments.traces.empty() && !arguments.script) {
        throw InputError(
            fmt::format("{}: no trace, expected at least one TRACE, or --workload FILE", command));
    }
    if (arguments.limit != 0 && arguments.limit <= arguments.warmup) {
        throw InputError(fmt::format(
            "--limit {}: nothing is left to measure after --warmup {}, expected a higher limit",
            arguments.limit, arguments.warmup));
    }
}

void check_workload_readable_twice(const WorkloadArguments& arguments,
                                   const std::optional<Script>& script, std::string_view reader) {
    check_traces_readable_twice(arguments.traces, RecordedTraces(), reader);
    if (script) {
        check_traces_readable_twice(*script, reader);
    }
}

Configuration configuration_of(const MachineArguments& arguments,
                               const std::optional<Script>& script) {
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

std::vector<std::string> inputs_of(const MachineArguments& machine,
                                   const WorkloadArguments& workload) {
    std::vector<std::string> inputs = workload.traces;
    if (workload.script) {
        inputs.push_back(*workload.script);
    }
    inputs.insert(inputs.end(), machine.configuration_files.begin(),
                  machine.configuration_files.end());
    return inputs;
}

RecordedTraces record_traces(const WorkloadArguments& workload) {
    const std::optional<TraceFormat> format = chosen_trace_format(workload.format);
    RecordedTraces recorded;
    for (const std::string& trace : workload.traces) {
        if (names_generator(trace)) {
            continue;
        }
        recorded.record(trace, format, workload.limit);
        if (!recorded.holds(trace)) {
            check_readable_twice(trace, "a sweep");
        }
    }
    return recorded;
}

RunResult simulate_workload(const Configuration& configuration, const WorkloadArguments& workload,
                            const std::optional<Script>& script, const RunOptions& options,
                            const RecordedTraces& recorded) {
    if (script) {
        return simulate(configuration, *script, options);
    }
    const OpenedTraces traces = open_traces(workload, configuration, recorded);
    return simulate(configuration, traces.programs, options);
}

}  // namespace mmusim::tb
