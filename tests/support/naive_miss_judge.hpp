// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/tlb/statistics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>

namespace mmusim::tests {

/// Tells misses apart by searching lists, and is told the page of each lookup at once.
class NaiveMissJudge {
  public:
    explicit NaiveMissJudge(std::size_t entries) : entries_(entries) {}

    /// `page`: a 4 KiB page of the page of `size` that is looked up.
    void look_up(Asid asid, VirtualPageNumber page, PageSize size, bool counted_miss) {
        const Page own{asid.value, size.log2_bytes, page_number_in_units_of(size, page)};
        const auto place = std::find(latest_.begin(), latest_.end(), own);
        const bool is_first = seen_.insert(own).second;
        const bool is_held = place != latest_.end();
        if (counted_miss) {
            kinds.compulsory += is_first ? 1 : 0;
            kinds.capacity += !is_first && !is_held ? 1 : 0;
            kinds.conflict += is_held ? 1 : 0;
        }
        if (is_held) {
            latest_.erase(place);
        }
        latest_.push_front(own);
        if (latest_.size() > entries_) {
            latest_.pop_back();
        }
    }

    hw::MissKinds kinds;

  private:
    using Page = std::array<std::uint64_t, 3>;

    std::size_t entries_;
    std::set<Page> seen_;
    std::deque<Page> latest_;
};

}  // namespace mmusim::tests
