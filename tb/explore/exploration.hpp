// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "tb/explore/lru_geometries.hpp"
#include "tb/explore/stack_distances.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace mmusim::tb {

/// The accesses that a TLB sees: one for instructions, one for data, or one for both.
enum class AccessStreamKind : std::uint8_t { fetch, data, unified };

[[nodiscard]] constexpr auto enumerator_names(AccessStreamKind) {
    return std::array<std::string_view, 3>{"fetch", "data", "unified"};
}

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
        };
    }
};

struct Exploration {
    PerEnumerator<AccessStreamKind, StreamExploration> streams{};

    static constexpr auto fields() {
        using S = Exploration;
        return std::tuple{statistic("streams", &S::streams, "", "by the accesses that a TLB sees")};
    }
};

/// Explores accesses as they come.
class Explorer {
  public:
    /// `process`: whose access it is, below most_explored_processes.
    void access(std::uint32_t process, const Access& access);

    [[nodiscard]] Exploration exploration() const;

  private:
    struct Stream {
        std::uint64_t accesses = 0;
        LruGeometries geometries;
        StackDistances distances;

        void access(std::uint32_t process, const Access& access);
        [[nodiscard]] StreamExploration exploration() const;
    };

    PerEnumerator<AccessStreamKind, Stream> streams_{};
};

}  // namespace mmusim::tb
