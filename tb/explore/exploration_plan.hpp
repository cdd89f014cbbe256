// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/paging/format.hpp"
#include "tb/explore/tlb_shape.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// A share of the lookups that may miss.
struct MissRate {
    std::uint64_t per_million = 0;  ///< at most a million

    /// Of so many lookups, rounded down.
    [[nodiscard]] constexpr std::uint64_t most_misses(std::uint64_t lookups) const {
        constexpr std::uint64_t million = 1'000'000;
        return lookups / million * per_million + lookups % million * per_million / million;
    }
};

/// What is to be explored.
struct ExplorationPlan {
    /// Each is explored as if all pages had that size.
    std::vector<PageSize> page_sizes{base_page_size};
    /// TLBs that are looked at more closely: process by process, and of any shape.
    std::vector<TlbShape> points{};
    std::vector<MissRate> miss_rates{{50'000}, {20'000}, {10'000}, {5'000}, {1'000}};
    /// What the costs are of.
    hw::PagingMode mode = hw::PagingMode::sv39;
    std::uint32_t asid_bits = 16;
    /// Those whose accesses are explored, by number.
    std::vector<std::string> processes{};
};

/// "64x4": 64 sets of 4 ways. Nothing if the text is anything else, or if the TLB has no entry or
/// more than most_entries_of_point.
[[nodiscard]] std::optional<TlbShape> parse_shape(std::string_view text);

/// "0.5%", or "5": so many of a thousand lookups. Nothing if the text is anything else, is more
/// than all lookups, or says more than millionths.
[[nodiscard]] std::optional<MissRate> parse_miss_rate(std::string_view text);

/// A page size as parse_size takes it: a power of two from 4 KiB to 1 TiB.
[[nodiscard]] std::optional<PageSize> parse_page_size(std::string_view text);

}  // namespace mmusim::tb
