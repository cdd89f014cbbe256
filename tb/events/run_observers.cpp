// SPDX-License-Identifier: Apache-2.0
#include "tb/events/run_observers.hpp"

namespace mmusim::tb {

void RunObservers::looked_up(const hw::TlbLookup& lookup) {
    for (RunObserver* const observer : observers_) {
        observer->looked_up(lookup);
    }
}

void RunObservers::filled(const hw::TlbFill& fill) {
    for (RunObserver* const observer : observers_) {
        observer->filled(fill);
    }
}

void RunObservers::removed(const hw::TlbRemoval& removal) {
    for (RunObserver* const observer : observers_) {
        observer->removed(removal);
    }
}

void RunObservers::miss_judged(const hw::MissJudged& miss) {
    for (RunObserver* const observer : observers_) {
        observer->miss_judged(miss);
    }
}

void RunObservers::machine_ready(const WatchedMachine& machine) {
    for (RunObserver* const observer : observers_) {
        observer->machine_ready(machine);
    }
}

void RunObservers::run_ended() {
    for (RunObserver* const observer : observers_) {
        observer->run_ended();
    }
}

void RunObservers::turn_begun(const TurnBegun& turn) {
    for (RunObserver* const observer : observers_) {
        observer->turn_begun(turn);
    }
}

void RunObservers::step_begun(const StepBegun& step) {
    for (RunObserver* const observer : observers_) {
        observer->step_begun(step);
    }
}

void RunObservers::spent(const hw::SpentCycles& cycles) {
    for (RunObserver* const observer : observers_) {
        observer->spent(cycles);
    }
}

void RunObservers::walk_begun(const hw::WalkBegun& walk) {
    for (RunObserver* const observer : observers_) {
        observer->walk_begun(walk);
    }
}

void RunObservers::walk_shortened(const hw::WalkShortened& walk) {
    for (RunObserver* const observer : observers_) {
        observer->walk_shortened(walk);
    }
}

void RunObservers::entry_wanted(const hw::EntryWanted& entry) {
    for (RunObserver* const observer : observers_) {
        observer->entry_wanted(entry);
    }
}

void RunObservers::entry_read(const hw::EntryRead& entry) {
    for (RunObserver* const observer : observers_) {
        observer->entry_read(entry);
    }
}

void RunObservers::entry_updated(const hw::EntryUpdated& update) {
    for (RunObserver* const observer : observers_) {
        observer->entry_updated(update);
    }
}

void RunObservers::walk_ended(const hw::WalkEnded& walk) {
    for (RunObserver* const observer : observers_) {
        observer->walk_ended(walk);
    }
}

void RunObservers::dropped(hw::TranslationNumber translation) {
    for (RunObserver* const observer : observers_) {
        observer->dropped(translation);
    }
}

void RunObservers::measurement_begun() {
    for (RunObserver* const observer : observers_) {
        observer->measurement_begun();
    }
}

void RunObservers::fault_begun(const FaultBegun& fault) {
    for (RunObserver* const observer : observers_) {
        observer->fault_begun(fault);
    }
}

void RunObservers::fault_worked(const FaultWork& work) {
    for (RunObserver* const observer : observers_) {
        observer->fault_worked(work);
    }
}

void RunObservers::fault_waited(const FaultWaited& wait) {
    for (RunObserver* const observer : observers_) {
        observer->fault_waited(wait);
    }
}

void RunObservers::fault_ended(const FaultEnded& fault) {
    for (RunObserver* const observer : observers_) {
        observer->fault_ended(fault);
    }
}

void RunObservers::translation_ended(const TranslationEnded& translation) {
    for (RunObserver* const observer : observers_) {
        observer->translation_ended(translation);
    }
}

}  // namespace mmusim::tb
