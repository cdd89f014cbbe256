// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "tb/events/run_observer.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// A part of a translation's time. A slice that has the name of a stage as its category is of that
/// stage and has no parts; `waiting` of its cycles are of the stage's `_wait`. Others have parts.
struct Slice {
    std::string name;
    std::string_view category;
    Cycles from;
    Cycles until;
    Cycles waiting{};
    nlohmann::ordered_json arguments = nlohmann::ordered_json::object();
};

/// Makes slices of what a run tells: for each translation one of the whole, then those of its
/// parts, each before its own parts, in the order of time. Those of the stages lie end to end and
/// fill the whole.
class SliceCollector final : public RunObserver {
  public:
    /// Given the slices of a translation, of which the first does not yet say what it is: whether
    /// the sink wants them.
    using Filter =
        std::function<bool(const TranslationEnded& translation, std::span<const Slice> slices)>;
    using Sink =
        std::function<void(const TranslationEnded& translation, std::span<const Slice> slices)>;

    /// `filter` is asked of each translation that ends after the measurement has begun.
    SliceCollector(const hw::PagingParameters& paging, Filter filter, Sink sink);

    /// From now on nothing is made of what is told.
    void stop() { stopped_ = true; }

    void looked_up(const hw::TlbLookup& lookup) override;
    void spent(const hw::SpentCycles& cycles) override;
    void walk_begun(const hw::WalkBegun& walk) override;
    void walk_shortened(const hw::WalkShortened& walk) override;
    void entry_wanted(const hw::EntryWanted& entry) override;
    void entry_read(const hw::EntryRead& entry) override;
    void entry_updated(const hw::EntryUpdated& update) override;
    void walk_ended(const hw::WalkEnded& walk) override;
    void dropped(hw::TranslationNumber translation) override;
    void measurement_begun() override { measuring_ = true; }
    void fault_begun(const FaultBegun& fault) override;
    void fault_worked(const FaultWork& work) override;
    void fault_waited(const FaultWaited& wait) override;
    void fault_ended(const FaultEnded& fault) override;
    void translation_ended(const TranslationEnded& translation) override;

  private:
    /// What is known so far of a translation under way.
    struct Story {
        std::vector<Slice> slices{};  // the first is of the whole
        std::vector<std::size_t>
            open{};  // of them, those whose end is to come; the last is inside all
    };

    static void describe(Slice& whole, const TranslationEnded& translation);
    [[nodiscard]] Story& story_of(hw::TranslationNumber translation);
    static void begin(Story& story, std::string name, std::string_view category, Cycles at);
    static Slice& end(Story& story, Cycles at);
    static void add_stage(Story& story, Stage stage, Cycles from, Cycles until,
                          Cycles waiting = {});

    const hw::PagingFormat& format_;
    Filter filter_;
    Sink sink_;
    bool measuring_ = false;
    bool stopped_ = false;
    std::vector<Story> stories_;  // by translation
};

}  // namespace mmusim::tb
