// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/explore_command.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/progress.hpp"
#include "tb/config/configuration.hpp"
#include "tb/explore/exploration.hpp"
#include "tb/explore/traces_in_turns.hpp"
#include "tb/output/output_file.hpp"
#include "tb/report/exploration_json.hpp"
#include "tb/report/exploration_report.hpp"
#include "tb/workload/open_source.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <memory>

namespace mmusim::tb {

namespace {

constexpr const char* explore_examples = R"(Examples:
  mmusim explore program.lackey.xz
      which TLB a program needs
  mmusim explore --json misses.json a.mmutrace b.mmutrace
      the same for two processes in turns, all counts for other programs to read)";

using TraceSources = std::vector<std::unique_ptr<AccessSource>>;

TraceSources open_sources(const ExploreArguments& arguments) {
    // Only the page matters, so that the largest of user halves will do for all traces.
    const UserHalf user_half(hw::PagingMode::sv57);
    const std::optional<TraceFormat> format = chosen_trace_format(arguments.format);
    const std::uint64_t seed = arguments.seed.value_or(Configuration{}.seed);
    TraceSources sources;
    for (const std::string& trace : arguments.traces) {
        sources.push_back(open_source(trace, format, seed, user_half));
    }
    return sources;
}

void check(const ExploreArguments& arguments) {
    if (arguments.traces.empty()) {
        throw InputError("explore: no trace, expected at least one TRACE");
    }
    if (arguments.traces.size() > most_explored_processes) {
        throw InputError(fmt::format("explore: {} traces, expected at most {}",
                                     arguments.traces.size(), most_explored_processes));
    }
    if (arguments.turn == 0) {
        throw InputError("--turn 0: expected at least 1 access");
    }
    check_outputs(arguments.traces, {arguments.json});
}

// False: interrupted.
bool explore(const TraceSources& sources, const Turns& turns, Explorer& explorer) {
    const std::vector<std::reference_wrapper<AccessSource>> in_turns = [&sources] {
        std::vector<std::reference_wrapper<AccessSource>> references;
        for (const auto& source : sources) {
            references.emplace_back(*source);
        }
        return references;
    }();
    Progress progress;
    const Interruption interruption;
    std::uint64_t accesses = 0;
    bool interrupted = false;
    take_in_turns(in_turns, turns, [&](std::size_t source, std::span<const Access> batch) {
        for (const Access& access : batch) {
            explorer.access(static_cast<std::uint32_t>(source), access);
        }
        accesses += batch.size();
        progress.show(accesses);
        interrupted = interruption.requested();
        return !interrupted;
    });
    progress.clear();
    return !interrupted;
}

}  // namespace

ExitStatus explore_command(const ExploreArguments& arguments) {
    check(arguments);
    const TraceSources sources = open_sources(arguments);
    // Opened before the work: what cannot be written is said at once.
    std::optional<OutputFile> json;
    const bool json_on_standard_output = arguments.json == standard_output;
    if (arguments.json) {
        json.emplace(json_on_standard_output ? "/dev/stdout" : *arguments.json);
    }

    Explorer explorer;
    const Turns turns{.accesses_per_turn = arguments.turn, .limit = arguments.limit};
    const bool whole = explore(sources, turns, explorer);
    const Exploration exploration = explorer.exploration();

    if (json) {
        json->write(to_text(exploration, {.traces = arguments.traces,
                                          .accesses_per_turn = arguments.turn,
                                          .limit = arguments.limit,
                                          .interrupted = !whole}));
        json->commit();
    }
    if (!json_on_standard_output) {
        std::cout << exploration_report(exploration);
    }
    finish_standard_output();
    return whole ? ExitStatus::ok : ExitStatus::interrupted;
}

void add_explore_command(CLI::App& program, ExploreArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand(
        "explore", "count what LRU TLBs of all shapes would miss, in one pass");
    add_traces(*command, arguments.traces);
    add_format_option(*command, arguments.format);
    add_seed_option(*command, arguments.seed, workload_group);
    command->add_option("--limit", arguments.limit, "accesses in all; 0 is no limit")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    command->add_option("--turn", arguments.turn, "accesses before the next process has its turn")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(workload_group);
    command
        ->add_option("--json", arguments.json,
                     "all counts as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE")
        ->group(output_group);
    command->footer(generator_help() + "\n" + explore_examples);
    command->callback([&] { chosen = [&arguments] { return explore_command(arguments); }; });
}

}  // namespace mmusim::tb
