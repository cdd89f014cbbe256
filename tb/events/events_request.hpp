// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace mmusim::tb {

/// Which translations are to be seen as slices, and where.
struct EventsRequest {
    std::string path;
    /// Of the measured translations that are shown, the first so many; 0: all.
    std::uint64_t limit = 0;
    /// Whether to show also those that a first TLB answered without any waiting.
    bool first_hits = false;
};

}  // namespace mmusim::tb
