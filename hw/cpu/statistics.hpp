// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <cstdint>
#include <tuple>

namespace mmusim::hw {

struct Totals {
    std::uint64_t accesses = 0;
    std::uint64_t translations = 0;
    Cycles cycles;
    std::uint64_t retries = 0;

    static constexpr auto fields() {
        using S = Totals;
        return std::tuple{
            statistic("accesses", &S::accesses, "access", "accesses of the programs"),
            statistic("translations", &S::translations, "translation",
                      "translations; an access that crosses a page makes two"),
            statistic("cycles", &S::cycles, "cycle",
                      "from the first issue to the last completion, everything between included"),
            statistic("retries", &S::retries, "translation",
                      "translations made again after a page fault"),
        };
    }
};

}  // namespace mmusim::hw
