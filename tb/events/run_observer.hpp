// SPDX-License-Identifier: Apache-2.0
// What a run tells those who look on: what the hardware tells, what becomes of page faults, and how
// each translation ended.
#pragma once

#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/cpu/translation_statistics.hpp"
#include "hw/observer/translation_observer.hpp"
#include "hw/paging/translation.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/processes/process_id.hpp"
#include "tb/events/watched_machine.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// A process has its turn: what is translated from now on, and under this ASID, is its own.
struct TurnBegun {
    sw::ProcessId process{};
    hw::TranslationContext context{};
    Cycles at{};
};

/// A line of a script that is carried out next.
struct StepBegun {
    std::uint64_t line = 0;
    const std::string& text;
    Cycles at{};
};

/// A page fault has trapped, and the operating system turns to it.
struct FaultBegun {
    sw::ProcessId process{};
    hw::TranslationNumber translation{};
    hw::PageFault fault{};
    Cycles at{};
};

/// What the operating system did for a fault: cycles of one stage.
struct FaultWork {
    hw::TranslationNumber translation{};
    Stage stage = Stage::fault_entry;
    Cycles from{};
    Cycles until{};
};

/// A fault has waited for storage, and its process has its turn again.
struct FaultWaited {
    sw::ProcessId process{};
    hw::TranslationNumber translation{};
    Cycles from{};
    Cycles storage_done{};
    Cycles until{};
    Cycles service{};  ///< of the time until `storage_done`, what the device needed for it alone
};

struct FaultEnded {
    sw::ProcessId process{};
    hw::TranslationNumber translation{};
    sw::FaultOutcome outcome{};
    Cycles at{};
};

/// A translation that is done, or given up after an invalid fault.
struct TranslationEnded {
    sw::ProcessId process{};
    hw::TranslationNumber translation{};
    std::uint64_t access = 0;  ///< the number of its access, from 0
    const hw::TranslationRequest& request;
    std::optional<hw::TranslatedPage> page{};
    hw::Outcome outcome = hw::Outcome::hit;
    unsigned levels = 0;  ///< of TLBs that have looked it up, in the last try
    Cycles issued{};
    Cycles done{};  ///< of a hit, later than the present cycle
    const LatencyRecord& latency;
};

/// Someone who looks on at a run, at all of it or at what they override, from its first cycle on.
/// Nothing that they do changes the run.
class RunObserver : public hw::TranslationObserver {
  public:
    /// The machine is made, and nothing has happened yet.
    virtual void machine_ready(const WatchedMachine& /*machine*/) {}

    /// Nothing happens any more, and the machine can be looked at for the last time. Not called
    /// where the run ends in an error.
    virtual void run_ended() {}

    virtual void turn_begun(const TurnBegun& /*turn*/) {}
    virtual void step_begun(const StepBegun& /*step*/) {}

    /// The warm-up is over, if there is one; all figures start from zero. Called at the first
    /// access to be measured, so what a script did before it has gone by.
    virtual void measurement_begun() {}

    virtual void fault_begun(const FaultBegun& /*fault*/) {}
    virtual void fault_worked(const FaultWork& /*work*/) {}
    virtual void fault_waited(const FaultWaited& /*wait*/) {}
    virtual void fault_ended(const FaultEnded& /*fault*/) {}

    /// The last that is told of a translation.
    virtual void translation_ended(const TranslationEnded& /*translation*/) {}
};

}  // namespace mmusim::tb
