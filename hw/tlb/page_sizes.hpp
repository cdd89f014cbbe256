// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/tlb/parameters.hpp"

#include <algorithm>
#include <vector>

namespace mmusim::hw {

/// The page sizes a TLB of these parameters holds, smallest first.
[[nodiscard]] inline std::vector<PageSize> page_sizes_of(const TlbParameters& parameters,
                                                         const PagingParameters& paging) {
    std::vector<PageSize> sizes = parameters.page_sizes;
    if (sizes.empty() || parameters.perfect) {
        sizes = all_page_sizes(paging);
    }
    std::sort(sizes.begin(), sizes.end());
    return sizes;
}

}  // namespace mmusim::hw
