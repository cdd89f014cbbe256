// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <string>
#include <tuple>

namespace mmusim::hw {

/// walk = start + (step + memory latency) for each entry read + finish
struct WalkerParameters {
    std::uint32_t count = 1;
    Cycles start_cycles{0};
    Cycles step_cycles{0};
    Cycles finish_cycles{0};
    std::string memory_port = "memory";
    bool perfect_reads = false;
    Cycles perfect_read_cycles{1};

    static constexpr auto fields() {
        using P = WalkerParameters;
        return std::tuple{
            parameter("count", &P::count, "walks under way at once", Range{1, 1024}),
            parameter("start_cycles", &P::start_cycles, "from taking a request to the first step"),
            parameter("step_cycles", &P::step_cycles, "before each read of a page-table entry"),
            parameter("finish_cycles", &P::finish_cycles,
                      "from the last answer of the memory to the walk's own"),
            parameter("memory_port", &P::memory_port,
                      "who answers its reads and updates: a cache's name, or memory"),
            parameter("perfect_reads", &P::perfect_reads,
                      "an ideal: every read of an entry takes perfect_read_cycles and no part of "
                      "the memory sees it"),
            parameter("perfect_read_cycles", &P::perfect_read_cycles,
                      "one read of an entry where perfect_reads is true"),
        };
    }
};

}  // namespace mmusim::hw
