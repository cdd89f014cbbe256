// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/paging/parameters.hpp"
#include "sw/statistics.hpp"
#include "tb/events/chrome_trace_file.hpp"
#include "tb/events/events_request.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/events/slice_collector.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace mmusim::tb {

/// Whether nothing happened but lookups that ended in a hit of the first level, and the access
/// itself. `slices` are those of one translation.
[[nodiscard]] bool only_a_first_hit(const TranslationEnded& translation,
                                    std::span<const Slice> slices);

/// Writes a run's translations as slices in each other, for Perfetto, speedscope and their like.
class EventsFile {
  public:
    EventsFile(const EventsRequest& request, const hw::PagingParameters& paging,
               std::uint64_t period_ps);

    /// Whom the run has to tell.
    [[nodiscard]] RunObserver& observer() { return collector_; }

    /// The run is over, and these were its processes.
    void commit(const std::vector<sw::ProcessStatistics>& processes);

  private:
    [[nodiscard]] bool wants(const TranslationEnded& translation, std::span<const Slice> slices);
    void take(const TranslationEnded& translation, std::span<const Slice> slices);

    EventsRequest request_;
    std::uint64_t period_ps_;
    ChromeTraceFile file_;
    SliceCollector collector_;
    std::set<std::uint64_t> processes_;  // that have slices
    std::uint64_t written_ = 0;
    bool limit_reached_ = false;
    std::uint64_t first_hits_left_out_ = 0;
};

}  // namespace mmusim::tb
