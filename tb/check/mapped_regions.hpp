// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"
#include "sw/spaces/region_map.hpp"

#include <map>
#include <vector>

namespace mmusim::tb {

/// The regions of a process, a second time: the operating system's own map of them is judged too.
class MappedRegions {
  public:
    /// Nothing is mapped where it lies.
    void add(const sw::Region& region) { regions_[region.start] = region; }
    /// Takes away what lies in the span, and returns it.
    std::vector<sw::Region> take(sw::PageSpan span);

    /// The region that holds the address; null if none does.
    [[nodiscard]] const sw::Region* find(VirtualAddress address) const;
    /// The pieces that lie in the span.
    [[nodiscard]] std::vector<sw::Region> in(sw::PageSpan span) const;

  private:
    std::map<VirtualAddress, sw::Region> regions_;  // by start
};

}  // namespace mmusim::tb
