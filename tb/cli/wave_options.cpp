// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/wave_options.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/workload.hpp"
#include "tb/events/wave_trigger.hpp"
#include "tb/output/fst_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mmusim::tb {

namespace {

// A walk that the default machine makes before it faults, and a minor fault of it.
constexpr std::uint64_t default_before = 500;
constexpr std::uint64_t default_after = 8000;

Cycles window_end(Cycles event, std::uint64_t after) {
    return {event.value + std::min(after, std::numeric_limits<std::uint64_t>::max() - event.value)};
}

}  // namespace

void add_wave_options(CLI::App& command, WaveArguments& arguments) {
    const auto add_cycle = [&command](const char* name, std::optional<std::uint64_t>& value,
                                      const std::string& description) {
        command.add_option(name, value, description)
            ->transform(whole_number())
            ->type_name("CYCLE")
            ->group(output_group);
    };
    command
        .add_option("--vcd", arguments.path,
                    "the waves of the run; as an FST file if its name ends in .fst")
        ->type_name("FILE")
        ->group(output_group);
    add_cycle("--vcd-from", arguments.from, "the first cycle in the waves");
    add_cycle("--vcd-to", arguments.to, "the last cycle in the waves");
    command
        .add_option("--vcd-around", arguments.around,
                    "the waves around an event: fault:N, the Nth page fault; walk:N, the Nth walk; "
                    "va:ADDRESS, the first access to its page; the run is made twice")
        ->type_name("EVENT")
        ->group(output_group);
    const auto add_cycles = [&command](const char* name, std::optional<std::uint64_t>& value,
                                       const std::string& description) {
        command.add_option(name, value, description)
            ->transform(whole_number())
            ->type_name("CYCLES")
            ->group(output_group);
    };
    add_cycles("--vcd-before", arguments.before,
               fmt::format("so many before that event [{}]", default_before));
    add_cycles("--vcd-after", arguments.after, fmt::format("so many after it [{}]", default_after));
}

void check_wave_arguments(const WaveArguments& arguments, const WorkloadArguments& workload,
                          const std::optional<Script>& script) {
    if (!arguments.path) {
        if (arguments.from || arguments.to) {
            throw InputError("--vcd-from and --vcd-to: no wave file, expected --vcd FILE too");
        }
        if (arguments.around) {
            throw InputError("--vcd-around: no wave file, expected --vcd FILE too");
        }
    }
    if (!arguments.around && (arguments.before || arguments.after)) {
        throw InputError("--vcd-before and --vcd-after: no event, expected --vcd-around EVENT too");
    }
    if (arguments.from && arguments.to && *arguments.to < *arguments.from) {
        throw InputError(fmt::format("--vcd-to {}: before --vcd-from {}, expected not before",
                                     *arguments.to, *arguments.from));
    }
    if (arguments.around) {
        if (arguments.from || arguments.to) {
            throw InputError(
                "--vcd-around and --vcd-from or --vcd-to: expected one way to name the window");
        }
        static_cast<void>(parse_wave_trigger(*arguments.around));
        check_workload_readable_twice(workload, script, "--vcd-around");
    }
    if (arguments.path && names_fst_file(*arguments.path)) {
        check_fst_converter(*arguments.path);
    }
}

std::optional<WaveWindow> wave_window_of(const WaveArguments& arguments, const WatchedRun& run,
                                         const std::atomic<bool>& interrupted) {
    if (!arguments.path) {
        return std::nullopt;
    }
    WaveWindow window{.path = *arguments.path, .from = {arguments.from.value_or(0)}};
    if (arguments.to) {
        window.to = Cycles{*arguments.to};
    }
    if (arguments.around) {
        const std::optional<Cycles> event =
            cycle_of(parse_wave_trigger(*arguments.around), run, interrupted);
        if (!event) {
            return std::nullopt;
        }
        window.from = *event - std::min(*event, Cycles{arguments.before.value_or(default_before)});
        window.to = window_end(*event, arguments.after.value_or(default_after));
    }
    return window;
}

}  // namespace mmusim::tb
