// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/paging/format.hpp"
#include "sw/frames/frame_allocator.hpp"
#include "sw/hugetlb/huge_page_pool.hpp"
#include "sw/parameters.hpp"
#include "sw/statistics.hpp"

#include <map>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// The sizes that explicit huge pages can have: those of the format's leaves up to 1 GiB.
[[nodiscard]] std::vector<PageSize> huge_page_sizes(const hw::PagingFormat& format);

/// A pool for each size of explicit huge pages.
class HugePagePools {
  public:
    /// Takes the frames of the pools, as the parameters say, while all others are free. Throws
    /// InputError where there are too few next to each other.
    HugePagePools(const HugetlbParameters& parameters, const hw::PagingFormat& format,
                  FrameAllocator& allocator);

    /// The level of the leaf of a page of this size; none: there are no such huge pages.
    [[nodiscard]] std::optional<unsigned> level_of(PageSize size) const;

    /// The pool of the pages whose leaves are at this level, which has a size.
    [[nodiscard]] HugePagePool& operator[](unsigned level) { return pools_.at(level); }

    [[nodiscard]] HugetlbStatistics statistics() const;

  private:
    const hw::PagingFormat& format_;
    std::map<unsigned, HugePagePool> pools_;  // by level
};

}  // namespace mmusim::sw
