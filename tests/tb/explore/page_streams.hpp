// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/random.hpp"
#include "tb/explore/process_page.hpp"

#include <cstdint>
#include <vector>

namespace mmusim::tests {

/// Lookups as programs make them: runs of the same page, loops over neighbours, and pages from
/// anywhere, of two processes.
[[nodiscard]] inline std::vector<tb::ProcessPage> page_stream(std::uint64_t seed,
                                                              std::uint64_t lookups,
                                                              std::uint64_t pages) {
    Random random(seed);
    std::vector<tb::ProcessPage> stream;
    tb::ProcessPage page;
    while (stream.size() < lookups) {
        switch (random.below(4)) {
            case 0: page.number = random.below(pages); break;
            case 1: page.number = (page.number + 1) % pages; break;
            case 2: page.process = static_cast<std::uint32_t>(random.below(8) / 7); break;
            default: break;
        }
        stream.push_back(page);
    }
    return stream;
}

}  // namespace mmusim::tests
