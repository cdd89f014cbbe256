// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/sweep_work.hpp"

#include "tb/cli/systemc_version.hpp"
#include "tb/cli/workload.hpp"
#include "tb/report/json_text.hpp"
#include "tb/report/repeats.hpp"
#include "tb/report/result_json.hpp"
#include "tb/sweep/sweep_summary.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <variant>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

}  // namespace

SweepWork::SweepWork(const SweepArguments& arguments, const SweepPlan& plan,
                     const RecordedTraces& traces, Journal* journal)
    : arguments_(arguments),
      plan_(plan),
      traces_(traces),
      journal_(journal),
      progress_(plan.points.size() * plan.seeds) {
    if (journal_ != nullptr) {
        outcomes_ = journal_->done();
    }
}

SweptLines SweepWork::lines(const std::atomic<bool>& interrupted) {
    const std::vector<std::size_t> jobs = jobs_to_do();
    progress_.begin(plan_.points.size() * plan_.seeds - jobs.size());
    SweptLines swept;
    swept.interrupted = !do_in_child_processes(
        jobs,
        {.jobs_at_once = static_cast<std::size_t>(arguments_.jobs.value_or(usable_processors())),
         .work = [this](std::size_t job) { return simulate_job(job); },
         .ended = [this](std::size_t job, const JobOutcome& outcome) { note(job, outcome); },
         .waiting = [this] { progress_.show(); },
         .interrupted = &interrupted});
    progress_.clear();
    for (std::size_t planned = 0; planned < plan_.points.size(); ++planned) {
        const PointRecord record = record_at(planned);
        swept.any_failed = swept.any_failed || (record.error && !record.interrupted);
        swept.lines.push_back(line_of(record));
    }
    return swept;
}

std::vector<std::size_t> SweepWork::jobs_to_do() const {
    std::vector<std::size_t> jobs;
    for (std::size_t job = 0; job < plan_.points.size() * plan_.seeds; ++job) {
        const bool has_machine = std::holds_alternative<Configuration>(point_of(job).machine);
        if (has_machine && !outcomes_.contains(job)) {
            jobs.push_back(job);
        }
    }
    return jobs;
}

// In a process of its own.
std::string SweepWork::simulate_job(std::size_t job) const {
    Configuration machine = std::get<Configuration>(point_of(job).machine);
    machine.seed += job % plan_.seeds;
    const RunResult result = simulate_workload(machine, arguments_.workload, plan_.script,
                                               {.warmup = arguments_.workload.warmup,
                                                .limit = arguments_.workload.limit,
                                                .check = arguments_.check},
                                               traces_);
    return json_line(to_json(result, machine, systemc_version()));
}

void SweepWork::note(std::size_t job, const JobOutcome& outcome) {
    const auto* const answer = std::get_if<JobAnswer>(&outcome);
    if (answer != nullptr && !figure_is_known_) {
        // Said at the first result, not after the last.
        static_cast<void>(shown_figure(arguments_.shown_figure, ordered_json::parse(answer->text)));
        figure_is_known_ = true;
    }
    // What a signal ended may well succeed when the sweep is continued.
    if (journal_ != nullptr && !is_ended_by_signal(outcome)) {
        journal_->add(job, outcome);
    }
    progress_.note(answer == nullptr);
    outcomes_[job] = outcome;
}

// What the jobs of a point gave, one with each seed: the first failure, or else whether one is
// missing, or else their results.
void SweepWork::take_outcomes(std::size_t planned, PointRecord& record) const {
    const PlannedPoint& point = plan_.points[planned];
    const std::uint64_t first_seed = std::get<Configuration>(point.machine).seed;
    std::vector<SeededResult> results;
    for (std::size_t index = 0; index < plan_.seeds; ++index) {
        const std::uint64_t seed = first_seed + index;
        const auto outcome = outcomes_.find(planned * plan_.seeds + index);
        if (outcome == outcomes_.end()) {
            continue;
        }
        if (const auto* const failure = std::get_if<JobFailure>(&outcome->second)) {
            record.error = plan_.seeds == 1 ? failure->message
                                            : fmt::format("seed {}: {}", seed, failure->message);
            return;
        }
        const std::string& answer = std::get<JobAnswer>(outcome->second).text;
        results.push_back({.seed = seed, .result = ordered_json::parse(answer)});
    }
    if (results.size() < plan_.seeds) {
        record.interrupted = true;
        record.error = interrupted_point;
        return;
    }
    record.result = plan_.seeds == 1 ? std::move(results.front().result) : with_repeats(results);
}

PointRecord SweepWork::record_at(std::size_t planned) const {
    const PlannedPoint& point = plan_.points[planned];
    PointRecord record{.point = point.point,
                       .points = plan_.grid.point_count(),
                       .keys = keys_at(plan_.grid, point.point)};
    if (const auto* const problem = std::get_if<std::string>(&point.machine)) {
        record.error = *problem;
    } else {
        take_outcomes(planned, record);
    }
    return record;
}

}  // namespace mmusim::tb
