// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>

namespace mmusim::tb {

/// Asked again and again, with the accesses read so far: false ends the work.
using GoOn = std::function<bool(std::uint64_t accesses)>;

/// Calls `use(access)` for the accesses from `skip` on, at most `limit` of them. False if `go_on`,
/// where there is one, ended that.
template <typename Use>
[[nodiscard]] bool for_each_access(AccessSource& source, std::uint64_t skip, std::uint64_t limit,
                                   const GoOn& go_on, Use use) {
    std::uint64_t accesses = 0;
    std::span<const Access> batch = source.next_batch();
    while (!batch.empty() && limit > 0) {
        const std::uint64_t skipped = std::min<std::uint64_t>(skip, batch.size());
        skip -= skipped;
        const std::uint64_t taken = std::min<std::uint64_t>(limit, batch.size() - skipped);
        limit -= taken;
        for (const Access& access : batch.subspan(skipped, taken)) {
            use(access);
        }
        accesses += batch.size();
        if (go_on && !go_on(accesses)) {
            return false;
        }
        batch = limit > 0 ? source.next_batch() : std::span<const Access>{};
    }
    return true;
}

}  // namespace mmusim::tb
