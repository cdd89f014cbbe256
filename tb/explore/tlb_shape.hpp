// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"

#include <cstdint>
#include <tuple>

namespace mmusim::tb {

/// How a TLB is built: one set makes it fully associative, one way direct mapped.
struct TlbShape {
    std::uint64_t sets = 1;
    std::uint64_t ways = 1;

    bool operator==(const TlbShape&) const = default;
    [[nodiscard]] constexpr std::uint64_t entries() const { return sets * ways; }

    static constexpr auto fields() {
        using S = TlbShape;
        return std::tuple{
            statistic("sets", &S::sets, "set", "number of sets"),
            statistic("ways", &S::ways, "way", "entries per set"),
        };
    }
};

}  // namespace mmusim::tb
