// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/sweep_plan.hpp"
#include "tb/cli/sweep_progress.hpp"
#include "tb/jobs/child_processes.hpp"
#include "tb/sweep/journal.hpp"
#include "tb/sweep/point_record.hpp"
#include "tb/trace/recorded_traces.hpp"

#include <atomic>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What a sweep has done.
struct SweptLines {
    /// One for each of its points, see point_record.hpp.
    std::vector<std::string> lines;
    bool interrupted = false;
    bool any_failed = false;
};

/// Simulates the points of a plan. A job is one of them with one seed.
class SweepWork {
  public:
    /// With a journal, each outcome is written into it at once, and what it has is not done again.
    /// All four outlive it.
    SweepWork(const SweepArguments& arguments, const SweepPlan& plan, const RecordedTraces& traces,
              Journal* journal);

    /// Throws InputError where the journal cannot be written or the results have no such figure as
    /// is to be shown.
    [[nodiscard]] SweptLines lines(const std::atomic<bool>& interrupted);

  private:
    [[nodiscard]] std::vector<std::size_t> jobs_to_do() const;
    [[nodiscard]] std::string simulate_job(std::size_t job) const;
    void note(std::size_t job, const JobOutcome& outcome);
    void take_outcomes(std::size_t planned, PointRecord& record) const;
    [[nodiscard]] PointRecord record_at(std::size_t planned) const;

    [[nodiscard]] const PlannedPoint& point_of(std::size_t job) const {
        return plan_.points.at(job / plan_.seeds);
    }

    const SweepArguments& arguments_;
    const SweepPlan& plan_;
    const RecordedTraces& traces_;
    Journal* journal_;
    std::map<std::size_t, JobOutcome> outcomes_;
    SweepProgress progress_;
    bool figure_is_known_ = false;
};

}  // namespace mmusim::tb
