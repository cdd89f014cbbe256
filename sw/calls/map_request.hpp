// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// What mmap(2) is asked for. Sizes are rounded up to whole pages.
struct MapRequest {
    std::uint64_t bytes = 0;
    Rights rights;
    Sharing sharing = Sharing::private_;
    /// What is mapped from `offset_bytes` on; none: zeros.
    std::optional<ObjectId> object{};
    std::uint64_t offset_bytes = 0;
    /// Where; what is there already goes. None: where there is room.
    std::optional<VirtualAddress> at{};
    bool populate = false;
    bool locked = false;
    bool grows_down = false;
    /// Explicit huge pages of this size, of which there are whole ones then (MAP_HUGETLB); none:
    /// ordinary pages.
    std::optional<PageSize> page_size{};
};

}  // namespace mmusim::sw
