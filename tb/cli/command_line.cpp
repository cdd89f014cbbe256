// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/command_line.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/config_command.hpp"
#include "tb/cli/explain_command.hpp"
#include "tb/cli/explore_command.hpp"
#include "tb/cli/help_text.hpp"
#include "tb/cli/report_command.hpp"
#include "tb/cli/run_command.hpp"
#include "tb/cli/sweep_command.hpp"
#include "tb/cli/systemc_version.hpp"
#include "tb/cli/trace_command.hpp"
#include "tb/cli/walk_command.hpp"
#include "tb/report/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace mmusim::tb {

namespace {

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
    program.formatter(std::make_shared<HelpText>());
    program.set_version_flag("-V,--version",
                             fmt::format("mmusim {} (SystemC {})", version(), systemc_version()));
    program.require_subcommand(1);
    Command command;
    RunArguments run;
    add_run_command(program, run, command);
    SweepArguments sweep;
    add_sweep_command(program, sweep, command);
    ExploreArguments explore;
    add_explore_command(program, explore, command);
    ExplainArguments explain;
    add_explain_command(program, explain, command);
    ReportArguments report;
    add_report_command(program, report, command);
    TraceArguments trace;
    add_trace_command(program, trace, command);
    ConfigArguments config;
    add_config_command(program, config, command);
    WalkArguments walk;
    add_walk_command(program, walk, command);

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
