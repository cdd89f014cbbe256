// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/repeated_run.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/interruption.hpp"
#include "tb/cli/output_paths.hpp"
#include "tb/cli/sweep_progress.hpp"
#include "tb/cli/systemc_version.hpp"
#include "tb/cli/workload.hpp"
#include "tb/jobs/child_processes.hpp"
#include "tb/report/json_text.hpp"
#include "tb/report/proc_report.hpp"
#include "tb/report/repeats.hpp"
#include "tb/report/result_json.hpp"
#include "tb/report/text_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <iostream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

constexpr const char* result_member = "result";
constexpr const char* report_member = "report";

/// What all runs have in common.
struct Repeated {
    const RunArguments& arguments;
    const Configuration& configuration;
    const std::optional<Script>& script;
    const RunOptions& options;
    RecordedTraces traces;
};

// In a process of its own: the result, and what a person reads.
[[nodiscard]] std::string one_run(const Repeated& repeated, std::size_t index) {
    Configuration machine = repeated.configuration;
    machine.seed += index;
    const RunResult result = simulate_workload(machine, repeated.arguments.workload,
                                               repeated.script, repeated.options, repeated.traces);
    std::string report = text_report(result, machine);
    if (repeated.arguments.proc) {
        report += '\n' + proc_report(result, machine);
    }
    const ordered_json document = to_json(result, machine, systemc_version());
    const ordered_json answer{{result_member, document}, {report_member, report}};
    return json_line(answer);
}

// The first run says no more than a single one would.
[[nodiscard]] JobOutcome with_seed_in_failure(JobOutcome outcome, std::size_t index,
                                              std::uint64_t seed) {
    if (auto* const failure = std::get_if<JobFailure>(&outcome); failure != nullptr && index != 0) {
        failure->message += fmt::format(" (with seed {})", seed);
    }
    return outcome;
}

/// The answers that there are, by the number of the run.
using RunAnswers = std::map<std::size_t, ordered_json>;

[[nodiscard]] bool has_all_before(const RunAnswers& answers, std::size_t index) {
    const auto end = answers.lower_bound(index);
    return std::distance(answers.begin(), end) == static_cast<std::ptrdiff_t>(index);
}

// False: interrupted.
[[nodiscard]] bool do_runs(const Repeated& repeated, const Interruption& interruption,
                           RunAnswers& answers) {
    std::vector<std::size_t> runs(repeated.arguments.repeat);
    std::iota(runs.begin(), runs.end(), std::size_t{0});
    SweepProgress progress(runs.size());
    progress.begin(0);
    // Of several failures that of the first run is told, whichever process ends first.
    std::map<std::size_t, JobOutcome> failures;
    const auto ended = [&](std::size_t index, const JobOutcome& outcome) {
        const bool failed = std::holds_alternative<JobFailure>(outcome);
        progress.note(failed);
        if (failed) {
            const std::uint64_t seed = repeated.configuration.seed + index;
            failures.emplace(index, with_seed_in_failure(outcome, index, seed));
        } else {
            answers.emplace(index, ordered_json::parse(answer_of(outcome)));
        }
        if (!failures.empty() && has_all_before(answers, failures.begin()->first)) {
            progress.clear();
            static_cast<void>(answer_of(failures.begin()->second));
        }
    };
    const bool whole = do_in_child_processes(
        runs, {.jobs_at_once = usable_processors(),
               .work = [&](std::size_t index) { return one_run(repeated, index); },
               .ended = ended,
               .waiting = [&progress] { progress.show(); },
               .interrupted = &interruption.requested()});
    progress.clear();
    return whole;
}

}  // namespace

void check_repeat(const RunArguments& arguments) {
    if (arguments.repeat == 0 || arguments.repeat > most_repeats) {
        throw InputError(
            fmt::format("--repeat {}: expected from 1 to {}", arguments.repeat, most_repeats));
    }
    if (arguments.repeat == 1) {
        return;
    }
    using File = std::pair<const char*, bool>;
    for (const auto& [option, wanted] : {File{"--vcd", arguments.waves.path.has_value()},
                                         File{"--accesses", arguments.translation_log.has_value()},
                                         File{"--events", arguments.events.has_value()},
                                         File{"--log", arguments.walk_log.has_value()}}) {
        if (wanted) {
            throw InputError(fmt::format("--repeat {}: with {}, expected one run for that file",
                                         arguments.repeat, option));
        }
    }
}

ExitStatus repeated_run(const RunArguments& arguments, const Configuration& configuration,
                        const std::optional<Script>& script, const RunOptions& options,
                        OptionalOutput& json) {
    const Repeated repeated{.arguments = arguments,
                            .configuration = configuration,
                            .script = script,
                            .options = options,
                            .traces = record_traces(arguments.workload)};
    const Interruption interruption;
    RunAnswers answers;
    const bool whole = do_runs(repeated, interruption, answers);
    // What was done is written, if the run is among it that the report is of.
    if (!answers.contains(0)) {
        std::cerr << "mmusim: interrupted before the first run was done\n";
        return ExitStatus::interrupted;
    }
    std::vector<SeededResult> results;
    for (auto& [index, answer] : answers) {
        results.push_back(
            {.seed = configuration.seed + index, .result = std::move(answer.at(result_member))});
    }
    ordered_json document = with_repeats(results);
    if (!whole) {
        document["interrupted"] = true;
    }
    if (json.is_wanted()) {
        json.write(json_text(document));
        json.commit();
    }
    if (!json.takes_standard_output()) {
        std::cout << answers.at(0).at(report_member).get<std::string>() << '\n'
                  << repeats_section(document.at(repeats_name));
        if (!whole) {
            std::cout << fmt::format("INTERRUPTED: {} of {} runs were done\n", answers.size(),
                                     arguments.repeat);
        }
    }
    finish_standard_output();
    return whole ? ExitStatus::ok : ExitStatus::interrupted;
}

}  // namespace mmusim::tb
