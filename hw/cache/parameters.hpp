// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"

#include <cstdint>
#include <string>
#include <tuple>

namespace mmusim::hw {

/// One data cache. A hierarchy is a set of named ones, each naming the next.
struct CacheParameters {
    std::uint32_t sets = 64;
    std::uint32_t ways = 8;
    std::uint32_t line_bytes = 64;
    Replacement replacement = Replacement::lru;
    Cycles hit_latency_cycles{4};
    std::uint32_t mshrs = 8;
    bool write_back = true;
    std::string next = "memory";

    static constexpr auto fields() {
        using P = CacheParameters;
        return std::tuple{
            parameter("sets", &P::sets,
                      "number of sets, any number; a line's set is its number modulo this",
                      Range{1, 1U << 24U}),
            parameter("ways", &P::ways, "lines per set; 1 is direct mapped", Range{1, 4096}),
            parameter("line_bytes", &P::line_bytes, "size of a line, a power of two",
                      Range{8, page_bytes}),
            parameter("replacement", &P::replacement, "which way of a full set gives way"),
            parameter("hit_latency_cycles", &P::hit_latency_cycles,
                      "from the arrival of a request to its answer, or to its arrival at the next "
                      "level"),
            parameter("mshrs", &P::mshrs, "lines under way from the next level at once",
                      Range{1, 1024}),
            parameter("write_back", &P::write_back,
                      "true: writes stay here until their line is evicted, and a write that misses "
                      "fetches its line; false: every write goes on to the next level, and one "
                      "that misses leaves nothing here"),
            parameter("next", &P::next, "who answers its misses: a cache's name, or memory"),
        };
    }
};

}  // namespace mmusim::hw
