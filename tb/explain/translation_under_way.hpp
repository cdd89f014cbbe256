// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/observer/translation_observer.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/explain/process_story.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// What a translation has met so far, in one slot of the core. Whether it belongs to a story shows
/// only at its end.
struct TranslationUnderWay {
    struct Lookup {
        std::size_t tlb = 0;
        hw::LookupResult result = hw::LookupResult::miss;
        MissCause cause = MissCause::first;
        bool awaited = false;  ///< others of the page wait for the same
    };
    struct Fault {
        std::uint64_t order = 0;  ///< among the events
        FaultStory story{};
    };

    sw::ProcessId process{};
    std::uint64_t order = 0;  ///< of its first lookup among the events
    std::vector<Lookup> lookups{};
    std::uint64_t walks = 0;
    std::uint64_t entries_read = 0;
    std::uint64_t entries_in_cache = 0;
    std::vector<StoryEvent> updates{};
    std::vector<Fault> faults{};
    std::optional<std::uint64_t> last_access{};  ///< in this slot, that was in a story

    void entry_read(const hw::EntryRead& entry);
    void entry_updated(const hw::EntryUpdated& update);
    void fault_begun(const FaultBegun& fault, std::uint64_t fault_order);
    void fault_worked(const FaultWork& work);
    void fault_waited(const FaultWaited& wait);
    /// Of a fault that has begun while this was looked at.
    void fault_ended(const FaultEnded& fault);

    /// Forgets the translation and keeps the access, and the room of the lists for the next.
    void end();
};

}  // namespace mmusim::tb
