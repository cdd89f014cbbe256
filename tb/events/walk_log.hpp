// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/output/output_file.hpp"

#include <string>
#include <vector>

namespace mmusim::tb {

/// A line for each measured walk, in the order of their ends: when it began and for what, each
/// entry with where it led, how it ended, and how many cycles it took. Parts of a line have " | "
/// between them.
class WalkLog final : public RunObserver {
  public:
    WalkLog(const std::string& path, const hw::PagingParameters& paging);

    void measurement_begun() override { measuring_ = true; }
    void walk_begun(const hw::WalkBegun& walk) override;
    void walk_shortened(const hw::WalkShortened& walk) override;
    void entry_read(const hw::EntryRead& entry) override;
    void entry_updated(const hw::EntryUpdated& update) override;
    void walk_ended(const hw::WalkEnded& walk) override;

    /// All lines are written.
    void commit() { file_.commit(); }

  private:
    /// A walk under way.
    struct Line {
        Cycles begun;
        std::string text;
    };

    [[nodiscard]] Line& line_of(hw::TranslationNumber translation);

    const hw::PagingFormat& format_;
    OutputFile file_;
    bool measuring_ = false;
    std::vector<Line> lines_;  // by translation
};

}  // namespace mmusim::tb
