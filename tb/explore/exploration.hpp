// SPDX-License-Identifier: Apache-2.0
// What an exploration found.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "tb/explore/tlb_cost.hpp"
#include "tb/explore/tlb_shape.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mmusim::tb {

/// The accesses that a TLB sees: one for instructions, one for data, or one for both.
enum class AccessStreamKind : std::uint8_t { fetch, data, unified };

[[nodiscard]] constexpr auto enumerator_names(AccessStreamKind) {
    return std::array<std::string_view, 3>{"fetch", "data", "unified"};
}

/// One TLB, what it would miss and what it costs.
struct Geometry {
    std::uint64_t sets = 0;
    std::uint64_t ways = 0;
    std::uint64_t entries = 0;
    std::uint64_t misses = 0;
    std::uint64_t compulsory = 0;
    std::uint64_t capacity = 0;
    std::uint64_t conflict = 0;
    TlbCost cost{};
    PerEnumerator<CostAxis, bool> pareto{};

    [[nodiscard]] TlbShape shape() const { return {.sets = sets, .ways = ways}; }

    static constexpr auto fields() {
        using S = Geometry;
        return std::tuple{
            statistic("sets", &S::sets, "set", "number of sets"),
            statistic("ways", &S::ways, "way", "entries per set"),
            statistic("entries", &S::entries, "entry", "sets times ways"),
            statistic("misses", &S::misses, "miss", "what it misses"),
            statistic("compulsory", &S::compulsory, "miss", "first lookups of their pages"),
            statistic("capacity", &S::capacity, "miss",
                      "misses that a fully associative TLB of as many entries makes too"),
            statistic("conflict", &S::conflict, "miss", "misses that it does not make"),
            statistic("cost", &S::cost, "", "what it costs"),
            statistic("pareto", &S::pareto, "",
                      "by cost: whether no other of `geometries` is better, that is, costs and "
                      "misses as much or less, and one of the two is less"),
        };
    }
};

/// A process at one point.
struct ProcessMisses {
    std::string trace{};
    std::uint64_t lookups = 0;
    std::uint64_t misses = 0;
    std::uint64_t compulsory = 0;
    std::uint64_t capacity = 0;
    std::uint64_t conflict = 0;

    static constexpr auto fields() {
        using S = ProcessMisses;
        return std::tuple{
            statistic("trace", &S::trace, "", "whose accesses they are"),
            statistic("lookups", &S::lookups, "translation", "its lookups"),
            statistic("misses", &S::misses, "miss", "those of the point's misses that are its"),
            statistic("compulsory", &S::compulsory, "miss", "of its misses"),
            statistic("capacity", &S::capacity, "miss", "of its misses"),
            statistic("conflict", &S::conflict, "miss", "of its misses"),
        };
    }
};

/// One TLB that was asked for, process by process.
struct Point : Geometry {
    std::vector<ProcessMisses> processes{};

    static constexpr auto fields() {
        return std::tuple_cat(
            Geometry::fields(),
            std::tuple{statistic("processes", &Point::processes, "", "its misses by process")});
    }
};

/// The TLBs that miss no more than a share of the lookups.
struct Target {
    std::uint64_t per_million = 0;
    std::uint64_t most_misses = 0;
    std::optional<TlbShape> smallest{};
    std::optional<std::uint64_t> fully_associative_entries{};
    PerEnumerator<CostAxis, std::optional<TlbShape>> cheapest{};

    static constexpr auto fields() {
        using S = Target;
        return std::tuple{
            statistic("per_million", &S::per_million, "miss", "that may miss of a million"),
            statistic("most_misses", &S::most_misses, "miss", "that may miss of this stream"),
            statistic("smallest", &S::smallest, "",
                      "of `geometries` the one with the fewest entries, of equals that with the "
                      "fewest ways; null if none is good enough"),
            statistic("fully_associative_entries", &S::fully_associative_entries, "entry",
                      "the fewest of a fully associative TLB, or null"),
            statistic("cheapest", &S::cheapest, "", "of `geometries` the cheapest, or null"),
        };
    }
};

/// What TLBs of many shapes would miss of one stream.
struct StreamExploration {
    std::uint64_t accesses = 0;
    std::uint64_t translations = 0;
    std::uint64_t pages = 0;
    std::vector<std::uint64_t> sets{};
    std::vector<std::uint64_t> ways{};
    std::vector<std::vector<std::uint64_t>> misses{};
    std::vector<std::array<std::uint64_t, 2>> fully_associative{};
    std::vector<std::array<std::uint64_t, 3>> reuse_distance{};
    std::vector<Geometry> geometries{};
    std::vector<Point> points{};
    std::vector<Target> targets{};

    static constexpr auto fields() {
        using S = StreamExploration;
        return std::tuple{
            statistic("accesses", &S::accesses, "access", "accesses of the stream"),
            statistic("translations", &S::translations, "translation",
                      "lookups: an access that crosses into the next page makes two"),
            statistic("pages", &S::pages, "page", "different pages, by process"),
            statistic("sets", &S::sets, "", "the numbers of sets, a row of `misses` for each"),
            statistic("ways", &S::ways, "", "the numbers of ways, a column of `misses` for each"),
            statistic("misses", &S::misses, "miss",
                      "what an LRU TLB with these sets and ways misses"),
            statistic("fully_associative", &S::fully_associative, "",
                      "`[entries, misses]` of fully associative LRU TLBs"),
            statistic("reuse_distance", &S::reuse_distance, "",
                      "`[low, high, count]`: translations with so many other pages since the last "
                      "one of their page"),
            statistic("geometries", &S::geometries, "",
                      "all of `misses`, then the larger ones of `fully_associative`"),
            statistic("points", &S::points, "", "what `--point` asked for"),
            statistic("targets", &S::targets, "", "what `--miss-rate` asked for"),
        };
    }
};

/// The streams of one page size.
using StreamExplorations = PerEnumerator<AccessStreamKind, StreamExploration>;

struct PageExploration {
    PageSize page_size{};
    StreamExplorations streams{};
};

/// By page size, as the plan names them.
using Exploration = std::vector<PageExploration>;

}  // namespace mmusim::tb
