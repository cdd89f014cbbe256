// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/explain_command.hpp"

#include "hw/base/problems.hpp"
#include "hw/paging/format.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/optional_output.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/progress.hpp"
#include "tb/cli/workload.hpp"
#include "tb/explain/explanation.hpp"
#include "tb/explain/page_story.hpp"
#include "tb/explain/story_json.hpp"
#include "tb/explain/story_report.hpp"
#include "tb/text/parse.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr const char* explain_examples = R"(Examples:
  mmusim explain 0x7f001234 program.lackey.xz
      the story of one address on the default machine
  mmusim explain 0x40001000 --preset plain --set tlbs.l1d.ways=1 --set stats.miss_kinds=true a.mmutrace
      who evicts its page from a direct-mapped TLB, and what kind of misses those are
  mmusim explain 0x40000000 --workload fork.workload --process child --events-limit 100
      one process of several, the first hundred events
  mmusim explain 0x7f001234 --json story.json program.lackey.xz
      the same for other programs to read)";

VirtualAddress address_of(const ExplainArguments& arguments, const Configuration& configuration) {
    const VirtualAddress address{arguments.address};
    const hw::PagingFormat& format = hw::format_of(configuration.paging.mode);
    if (!format.canonical(address)) {
        throw InputError(fmt::format("{}: no address of {}, expected one of {} bits{}", address,
                                     configuration.paging.mode, format.virtual_address_bits,
                                     format.sign_extended ? ", all above like the top one" : ""));
    }
    return address;
}

PageStory::Machine machine_of(const Configuration& configuration) {
    return {.paging = configuration.paging,
            .tlbs = configuration.tlbs,
            .tells_misses_apart = configuration.stats.miss_kinds};
}

bool names(std::string_view wanted, const sw::ProcessStatistics& process) {
    return process.name == wanted || parse_unsigned(wanted) == process.asid.value;
}

std::string processes_in_words(const std::vector<sw::ProcessStatistics>& processes) {
    constexpr std::size_t most_names = 10;
    std::vector<std::string> names;
    for (std::size_t number = 0; number < std::min(processes.size(), most_names); ++number) {
        names.push_back(
            fmt::format("{} (ASID {})", processes[number].name, processes[number].asid));
    }
    return fmt::format("{}{}", fmt::join(names, ", "),
                       processes.size() > most_names ? " or another" : "");
}

std::vector<std::size_t> stories_of_process(const Explanation& explanation,
                                            const std::string& wanted) {
    const std::vector<sw::ProcessStatistics>& processes = explanation.result.processes;
    std::vector<std::size_t> told;
    for (std::size_t place = 0; place < explanation.stories.size(); ++place) {
        if (names(wanted, processes.at(explanation.stories[place].process.value))) {
            told.push_back(place);
        }
    }
    if (told.empty()) {
        throw InputError(fmt::format("--process {}: the run has no such process, expected {}",
                                     wanted, processes_in_words(processes)));
    }
    return told;
}

// Those that have accessed the page; where nobody has, those that could, or else all.
std::vector<std::size_t> stories_to_tell(const Explanation& explanation) {
    const auto those = [&](const auto& wanted) {
        std::vector<std::size_t> told;
        for (std::size_t place = 0; place < explanation.stories.size(); ++place) {
            if (wanted(explanation.stories[place])) {
                told.push_back(place);
            }
        }
        return told;
    };
    std::vector<std::size_t> told =
        those([](const ProcessStory& story) { return story.translations > 0; });
    if (told.empty()) {
        told = those([](const ProcessStory& story) { return story.last_mapped.has_value(); });
    }
    return told.empty() ? those([](const ProcessStory&) { return true; }) : told;
}

Explanation explain(const ExplainArguments& arguments, const Configuration& configuration,
                    const std::optional<Script>& script) {
    const VirtualAddress address = address_of(arguments, configuration);
    PageStory story(address, machine_of(configuration), arguments.events_limit);
    Progress progress;
    const Interruption interruption;
    const RunOptions options{.warmup = arguments.workload.warmup,
                             .limit = arguments.workload.limit,
                             .observer = &story,
                             .progress = [&](std::uint64_t accesses) { progress.show(accesses); },
                             .interrupted = &interruption.requested()};
    Explanation explanation{
        .address = address,
        .configuration = configuration,
        .result = simulate_workload(configuration, arguments.workload, script, options)};
    progress.clear();
    explanation.stories = story.stories();
    explanation.told = arguments.process ? stories_of_process(explanation, *arguments.process)
                                         : stories_to_tell(explanation);
    return explanation;
}

}  // namespace

ExitStatus explain_command(const ExplainArguments& arguments) {
    const std::optional<Script> script = script_of("explain", arguments.workload);
    const Configuration configuration = configuration_of(arguments.machine, script);
    check_workload("explain", arguments.workload);
    check_outputs(inputs_of(arguments.machine, arguments.workload), {arguments.json});
    OptionalOutput json(arguments.json);
    const Explanation explanation = explain(arguments, configuration, script);
    if (json.is_wanted()) {
        json.write(to_text(explanation));
        json.commit();
    }
    if (!json.takes_standard_output()) {
        std::cout << story_report(explanation);
    }
    finish_standard_output();
    return explanation.result.interrupted ? ExitStatus::interrupted : ExitStatus::ok;
}

void add_explain_command(CLI::App& program, ExplainArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand(
        "explain",
        "tell the story of one address in a run: its region, its walk, who evicts it, its faults");
    command
        ->add_option("ADDRESS", arguments.address,
                     "the virtual address, decimal or with 0x hexadecimal")
        ->transform(whole_number())
        ->required()
        ->group(workload_group);
    add_machine_options(*command, arguments.machine);
    add_workload_options(*command, arguments.workload);
    command
        ->add_option("--process", arguments.process,
                     "tell of this process alone; else of all that have accessed the page")
        ->type_name("NAME|ASID")
        ->group(output_group);
    command
        ->add_option("--events-limit", arguments.events_limit,
                     "the first N events, and the first N faults; 0 is no limit")
        ->transform(whole_number())
        ->type_name("N")
        ->capture_default_str()
        ->group(output_group);
    command
        ->add_option("--json", arguments.json,
                     "the story as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE")
        ->group(output_group);
    command->footer(generator_help() + "\n" + explain_examples);
    command->callback([&] { chosen = [&arguments] { return explain_command(arguments); }; });
}

}  // namespace mmusim::tb
