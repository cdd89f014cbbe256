// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/events/run_observer.hpp"

#include <vector>

namespace mmusim::tb {

/// Several who look on at one run, as one: each is told everything, in the order in which they were
/// added.
class RunObservers final : public RunObserver {
  public:
    /// `observer` outlives the run.
    void add(RunObserver& observer) { observers_.push_back(&observer); }
    [[nodiscard]] bool empty() const { return observers_.empty(); }

    void looked_up(const hw::TlbLookup& lookup) override;
    void filled(const hw::TlbFill& fill) override;
    void removed(const hw::TlbRemoval& removal) override;
    void spent(const hw::SpentCycles& cycles) override;
    void walk_begun(const hw::WalkBegun& walk) override;
    void walk_shortened(const hw::WalkShortened& walk) override;
    void entry_wanted(const hw::EntryWanted& entry) override;
    void entry_read(const hw::EntryRead& entry) override;
    void entry_updated(const hw::EntryUpdated& update) override;
    void walk_ended(const hw::WalkEnded& walk) override;
    void dropped(hw::TranslationNumber translation) override;
    void miss_judged(const hw::MissJudged& miss) override;
    void machine_ready(const WatchedMachine& machine) override;
    void run_ended() override;
    void turn_begun(const TurnBegun& turn) override;
    void step_begun(const StepBegun& step) override;
    void measurement_begun() override;
    void fault_begun(const FaultBegun& fault) override;
    void fault_worked(const FaultWork& work) override;
    void fault_waited(const FaultWaited& wait) override;
    void fault_ended(const FaultEnded& fault) override;
    void translation_ended(const TranslationEnded& translation) override;

  private:
    std::vector<RunObserver*> observers_;
};

}  // namespace mmusim::tb
