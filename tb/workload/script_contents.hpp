// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/backing/objects.hpp"
#include "sw/calls/advice.hpp"
#include "sw/operating_system.hpp"
#include "sw/processes/process_id.hpp"
#include "tb/check/contents_checker.hpp"

#include <vector>

namespace mmusim::tb {

/// Tells the check of contents what the lines of a script have done: what is mapped where, and what
/// was given back. What programs and the operating system do meanwhile it hears from others.
class ScriptContents {
  public:
    /// Nobody is told.
    ScriptContents() = default;
    /// `checker`: null: nobody is told. The system that the script runs on outlives this.
    ScriptContents(ContentsChecker* checker, sw::OperatingSystem& system)
        : checker_(checker), system_(&system) {}

    void made_file(sw::ObjectId id) const;
    void made_shared_memory(sw::ObjectId id) const;
    void made_process(sw::ProcessId id) const;
    void forked(sw::ProcessId parent, sw::ProcessId child) const;
    /// Nothing is mapped any more but what is mapped now.
    void executed(sw::ProcessId id) const;
    void exited(sw::ProcessId id) const;

    /// What the span holds is new.
    void mapped(sw::ProcessId id, sw::PageSpan span) const;
    void unmapped(sw::ProcessId id, sw::PageSpan span) const;
    void moved(sw::ProcessId id, sw::PageSpan span, VirtualAddress to) const;
    /// Both begin at the same address.
    void resized(sw::ProcessId id, sw::PageSpan before, sw::PageSpan after) const;
    void advised(sw::ProcessId id, sw::PageSpan span, sw::Advice advice) const;
    /// The last call may have copied private pages that no program has written.
    void copied(sw::ProcessId id) const;

  private:
    /// `tell(programs)`, if anybody listens.
    template <typename Tell>
    void tell(Tell tell) const;
    void tell_of_loss(ContentsOracle& programs, sw::ProcessId id, sw::PageSpan span) const;
    [[nodiscard]] std::vector<sw::Region> regions_in(sw::ProcessId id, sw::PageSpan span) const;

    ContentsChecker* checker_ = nullptr;
    sw::OperatingSystem* system_ = nullptr;
};

}  // namespace mmusim::tb
