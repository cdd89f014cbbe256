// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::hw {

/// What a walk cache is looked up by.
enum class WalkCacheKind : std::uint8_t {
    per_level,  ///< by virtual address, an array per level: a hit skips all levels above
    entries,    ///< by the entry's physical address, one array: a hit saves that read
};

[[nodiscard]] constexpr auto enumerator_names(WalkCacheKind) {
    return std::array<std::string_view, 2>{"per_level", "entries"};
}

/// One array of a walk cache; without ways there is none.
struct WalkCacheArrayParameters {
    std::uint32_t sets = 1;
    std::uint32_t ways = 0;

    static constexpr auto fields() {
        using P = WalkCacheArrayParameters;
        return std::tuple{
            parameter("sets", &P::sets, "number of sets, any number; 1 is fully associative",
                      Range{1, 1U << 16U}),
            parameter("ways", &P::ways, "entries per set; 0: no such array", Range{0, 1024}),
        };
    }
};

/// The walkers' cache of pointers: entries of the upper levels that lead to a next table.
struct WalkCacheParameters {
    bool enabled = false;
    bool perfect = false;
    WalkCacheKind kind = WalkCacheKind::per_level;
    Replacement replacement = Replacement::lru;
    Cycles lookup_cycles{1};
    WalkCacheArrayParameters level1{.sets = 1, .ways = 16};
    WalkCacheArrayParameters level2{.sets = 1, .ways = 4};
    WalkCacheArrayParameters level3{.sets = 1, .ways = 2};
    WalkCacheArrayParameters level4{.sets = 1, .ways = 2};
    WalkCacheArrayParameters entries{.sets = 1, .ways = 8};

    static constexpr auto fields() {
        using P = WalkCacheParameters;
        return std::tuple{
            parameter("enabled", &P::enabled, "whether walks begin below the root where they can"),
            parameter("perfect", &P::perfect,
                      "an ideal: every walk has one entry left to read, the one that ends it; of "
                      "the rest only lookup_cycles counts, as per_level"),
            parameter("kind", &P::kind,
                      "per_level: by virtual address, an array per level; entries: by the entry's "
                      "physical address, one array"),
            parameter("replacement", &P::replacement, "which way of a full set gives way"),
            parameter("lookup_cycles", &P::lookup_cycles,
                      "per_level: before the first read of every walk; entries: in the place of "
                      "each read that is saved"),
            parameter("level1", &P::level1,
                      "per_level: pointers read at level 1; a hit leaves one read, of level 0"),
            parameter("level2", &P::level2, "per_level: pointers read at level 2"),
            parameter("level3", &P::level3, "per_level: pointers read at level 3"),
            parameter("level4", &P::level4, "per_level: pointers read at level 4"),
            parameter("entries", &P::entries, "entries: pointers of all levels"),
        };
    }
};

}  // namespace mmusim::hw
