// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/tlb/parameters.hpp"
#include "tb/config/configuration.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/explain/process_story.hpp"
#include "tb/explain/set_rivals.hpp"
#include "tb/explain/tlb_watch.hpp"
#include "tb/explain/translation_under_way.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// Looks on at a run, and keeps what has to do with the page that holds one address, in each
/// process. Which page that is, of which size, may change: a translation belongs to the story if
/// its address is in the same 4 KiB page, or in the page that translated it.
class PageStory final : public RunObserver {
  public:
    struct Machine {
        hw::PagingParameters paging;
        NamedParts<hw::TlbParameters> tlbs;
        bool tells_misses_apart = false;
    };

    /// Of events and of faults the first `limit` are kept in each process, and all are counted; 0
    /// is no limit.
    PageStory(VirtualAddress address, const Machine& machine, std::uint64_t limit);

    void machine_ready(const WatchedMachine& machine) override { machine_ = machine; }
    void run_ended() override;
    void measurement_begun() override;
    void turn_begun(const TurnBegun& turn) override;
    void step_begun(const StepBegun& step) override;
    void looked_up(const hw::TlbLookup& lookup) override;
    void filled(const hw::TlbFill& fill) override;
    void removed(const hw::TlbRemoval& removal) override;
    void miss_judged(const hw::MissJudged& miss) override;
    void walk_begun(const hw::WalkBegun& walk) override;
    void entry_read(const hw::EntryRead& entry) override;
    void entry_updated(const hw::EntryUpdated& update) override;
    void dropped(hw::TranslationNumber translation) override;
    void fault_begun(const FaultBegun& fault) override;
    void fault_worked(const FaultWork& work) override;
    void fault_waited(const FaultWaited& wait) override;
    void fault_ended(const FaultEnded& fault) override;
    void translation_ended(const TranslationEnded& translation) override;

    /// Of each process that was looked at, by their numbers. After `run_ended`.
    [[nodiscard]] std::vector<ProcessStory> stories() const;

  private:
    struct Record {
        ProcessStory story;
        std::optional<AddressLook> last_look{};
    };

    [[nodiscard]] std::size_t tlb_number(std::string_view name) const;
    [[nodiscard]] Record& record_of(sw::ProcessId process);
    [[nodiscard]] TranslationUnderWay& under_way(hw::TranslationNumber translation);
    [[nodiscard]] HeldPage held_page(const hw::TlbArray::Entry& entry) const;
    [[nodiscard]] bool in_base_page(VirtualAddress address) const;
    [[nodiscard]] bool in_page(VirtualAddress address, PageSize size) const;
    [[nodiscard]] bool may_concern(const Record& record, VirtualAddress address) const;
    [[nodiscard]] bool concerns(const TranslationEnded& translation) const;

    void no_longer_awaited(const TranslationUnderWay& slot);
    void count(Record& record, const TranslationEnded& translation, TranslationUnderWay& slot);
    void tell_translation(ProcessStory& story, const TranslationEnded& translation,
                          const TranslationUnderWay& slot) const;
    void count_lookups(sw::ProcessId process, const TranslationUnderWay& slot, bool translated);
    void count_faults(Record& record, std::uint64_t access, const TranslationUnderWay& slot);
    void tell_now(ProcessStory& story, StoryEvent event);
    void tell(ProcessStory& story, StoryEvent event) const;
    void look(Record& record, std::string_view meanwhile);
    [[nodiscard]] ProcessStory finished(const Record& record) const;

    VirtualAddress address_;
    hw::PagingParameters paging_;
    std::uint64_t limit_;
    std::vector<TlbWatch> tlbs_;
    WatchedMachine machine_;
    sw::ProcessId running_{};
    std::map<Asid, sw::ProcessId> processes_by_asid_;
    std::map<sw::ProcessId, Record> records_;
    std::vector<TranslationUnderWay> under_way_;
    std::uint64_t next_order_ = 0;
    bool begun_ = false;  // a translation has been
    std::string step_;    // the line of the script that is carried out
    Cycles ended_{};
};

}  // namespace mmusim::tb
