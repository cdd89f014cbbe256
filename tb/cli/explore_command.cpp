// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/explore_command.hpp"

#include "hw/base/enumeration.hpp"
#include "hw/base/problems.hpp"
#include "hw/paging/format.hpp"
#include "tb/cli/explore_plan.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/optional_output.hpp"
#include "tb/cli/options.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/progress.hpp"
#include "tb/config/configuration.hpp"
#include "tb/explore/explorer.hpp"
#include "tb/explore/traces_in_turns.hpp"
#include "tb/report/exploration_json.hpp"
#include "tb/report/exploration_report.hpp"
#include "tb/workload/open_source.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

namespace mmusim::tb {

namespace {

constexpr const char* tlb_group = "TLBs";
constexpr const char* cost_group = "Costs";

constexpr const char* explore_examples = R"(Examples:
  mmusim explore program.lackey.xz
      which TLB a program needs
  mmusim explore --page-size 4KiB,2MiB --miss-rate 0.1% program.lackey.xz
      the smallest that misses one lookup of a thousand, with small pages and with large ones
  mmusim explore --point 16x4 --point 128x12 --cost energy a.mmutrace b.mmutrace
      why two TLBs miss, and for which of two processes; which others are worth their energy
  mmusim explore --json misses.json program.lackey.xz
      all counts for other programs to read)";

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

// The JSON has 4 KiB pages in any case.
ExplorationPlan with_base_pages(ExplorationPlan plan) {
    const auto& sizes = plan.page_sizes;
    if (std::find(sizes.begin(), sizes.end(), base_page_size) == sizes.end()) {
        plan.page_sizes.push_back(base_page_size);
    }
    return plan;
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

void add_tlb_options(CLI::App& command, ExploreArguments& arguments) {
    const auto add_list = [&command](const char* name, std::vector<std::string>& values,
                                     const char* description, const char* type) {
        command.add_option(name, values, description)
            ->type_name(type)
            ->delimiter(',')
            ->allow_extra_args(false)
            ->group(tlb_group);
    };
    add_list("--page-size", arguments.page_sizes,
             "as if all pages had this size, 4KiB if nothing is said; all is 4KiB,64KiB,2MiB,1GiB; "
             "may be repeated",
             "SIZE,...");
    add_list("--point", arguments.points,
             "a TLB to say more of: why it misses, and for whom, as 64x4; may be repeated",
             "SETSxWAYS,...");
    add_list("--miss-rate", arguments.miss_rates,
             "find the smallest TLB that misses no more: a share as 0.5%, or lookups per 1,000 as "
             "5; may be repeated [50,20,10,5,1]",
             "RATE,...");
    command
        .add_option("--cost", arguments.cost,
                    "what a TLB has to be worth: stored bits, tags compared at once, energy or "
                    "time of a lookup")
        ->type_name(fmt::format("{}", fmt::join(names_of<CostAxis>, "|")))
        ->capture_default_str()
        ->group(cost_group);
    command
        .add_option("--paging-mode", arguments.paging_mode,
                    "the page-table format whose page numbers an entry stores")
        ->type_name(fmt::format("{}", fmt::join(names_of<hw::PagingMode>, "|")))
        ->capture_default_str()
        ->group(cost_group);
    command.add_option("--asid-bits", arguments.asid_bits, "width of the ASID in an entry")
        ->transform(whole_number())
        ->type_name("BITS")
        ->capture_default_str()
        ->group(cost_group);
}

}  // namespace

ExitStatus explore_command(const ExploreArguments& arguments) {
    check(arguments);
    const ExplorationPlan plan = plan_of(arguments);
    const CostAxis axis = cost_axis_of(arguments);
    const TraceSources sources = open_sources(arguments);
    OptionalOutput json(arguments.json);

    Explorer explorer(with_base_pages(plan));
    const Turns turns{.accesses_per_turn = arguments.turn, .limit = arguments.limit};
    const bool whole = explore(sources, turns, explorer);
    const Exploration exploration = explorer.exploration();

    if (json.is_wanted()) {
        json.write(to_text(exploration, {.plan = plan,
                                         .page_sizes_asked_for = !arguments.page_sizes.empty(),
                                         .accesses_per_turn = arguments.turn,
                                         .limit = arguments.limit,
                                         .interrupted = !whole}));
        json.commit();
    }
    if (!json.takes_standard_output()) {
        std::cout << exploration_report(exploration, plan, axis);
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
    add_tlb_options(*command, arguments);
    command
        ->add_option("--json", arguments.json,
                     "all counts as JSON; - is standard output, and nothing else is on it")
        ->type_name("FILE")
        ->group(output_group);
    command->footer(generator_help() + "\n" + explore_examples);
    command->callback([&] { chosen = [&arguments] { return explore_command(arguments); }; });
}

}  // namespace mmusim::tb
