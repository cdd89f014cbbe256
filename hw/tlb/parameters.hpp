// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"
#include "hw/tlb/set_index.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mmusim::hw {

/// What a TLB holds in relation to the TLBs above it, whose misses it answers.
enum class Inclusion : std::uint8_t {
    independent,  ///< filled by every miss that passes; its evictions concern nobody else
    inclusive,    ///< as independent, but what it evicts leaves the TLBs above too
    exclusive,    ///< filled by what the TLBs above evict; a hit moves the page up
    victim,       ///< filled by what the TLBs above evict; a hit leaves the page here too
};

[[nodiscard]] constexpr auto enumerator_names(Inclusion) {
    return std::array<std::string_view, 4>{"independent", "inclusive", "exclusive", "victim"};
}

/// Whether walks and lower levels fill it, rather than what the TLBs above evict.
[[nodiscard]] constexpr bool filled_by_misses(Inclusion inclusion) {
    return inclusion == Inclusion::independent || inclusion == Inclusion::inclusive;
}

/// One TLB. A hierarchy is a set of named ones, each naming the next.
struct TlbParameters {
    std::uint32_t sets = 16;
    std::uint32_t ways = 4;
    IndexHash index = IndexHash::modulo;
    Replacement replacement = Replacement::lru;
    bool fill_counts_as_use = true;
    bool empty_ways_first = true;
    Cycles hit_latency_cycles{1};
    std::uint32_t mshrs = 1;
    std::uint32_t ports = 1;
    bool hit_under_miss = true;
    bool same_level = false;
    Inclusion inclusion = Inclusion::independent;
    bool perfect = false;
    /// Empty: every size of the page-table format.
    std::vector<PageSize> page_sizes{};
    std::string next = "walker";

    static constexpr auto fields() {
        using P = TlbParameters;
        return std::tuple{
            parameter("sets", &P::sets,
                      "number of sets, any number; index says which one a page is in",
                      Range{1, 1U << 20U}),
            parameter("ways", &P::ways, "entries per set; 1 is direct mapped", Range{1, 4096}),
            parameter("index", &P::index,
                      "a page's set: its page number modulo sets, or the page number folded by "
                      "exclusive or to the bits of a set number"),
            parameter("replacement", &P::replacement, "which way of a full set gives way"),
            parameter(
                "fill_counts_as_use", &P::fill_counts_as_use,
                "whether a fill is a use to lru, tree_plru, bit_plru, nru and lfu, as a hit is"),
            parameter("empty_ways_first", &P::empty_ways_first,
                      "whether a fill takes an empty way before one that replacement names"),
            parameter("hit_latency_cycles", &P::hit_latency_cycles,
                      "from the arrival of a request to its answer, or to its arrival at the next "
                      "TLB"),
            parameter("mshrs", &P::mshrs, "misses under way at once", at_least(1)),
            parameter("ports", &P::ports, "lookups per cycle", at_least(1)),
            parameter("hit_under_miss", &P::hit_under_miss,
                      "whether requests are looked up while a miss is under way"),
            parameter("same_level", &P::same_level,
                      "whether it is one level with the TLB above, an array beside it for other "
                      "page sizes: its hits count as that level's"),
            parameter(
                "inclusion", &P::inclusion,
                "what it holds in relation to the TLBs above: exclusive and victim are filled "
                "by what those evict"),
            parameter("perfect", &P::perfect,
                      "an ideal: it holds every page that the page tables map, of any size and at "
                      "its first touch too; sets, ways and what decides on them do not matter"),
            parameter("page_sizes", &P::page_sizes,
                      R"(sizes it holds, as ["4KiB", "2MiB"]; empty: all of the format's)"),
            parameter("next", &P::next, "who answers its misses: a TLB's name, or walker"),
        };
    }
};

}  // namespace mmusim::hw
