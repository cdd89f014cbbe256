// SPDX-License-Identifier: Apache-2.0
// What a TLB of a shape costs to build and to use. docs/explore.md says where the figures are from.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/paging/format.hpp"
#include "tb/explore/tlb_shape.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

namespace mmusim::tb {

/// By what TLBs are compared, besides their misses.
enum class CostAxis : std::uint8_t { bits, comparators, energy, time };

[[nodiscard]] constexpr auto enumerator_names(CostAxis) {
    return std::array<std::string_view, 4>{"bits", "comparators", "energy", "time"};
}

inline constexpr std::array<CostAxis, 4> all_cost_axes{CostAxis::bits, CostAxis::comparators,
                                                       CostAxis::energy, CostAxis::time};

/// What the entries of a TLB have to tell apart.
struct EntryFormat {
    hw::PagingMode mode = hw::PagingMode::sv39;
    std::uint32_t asid_bits = 16;
    PageSize page_size = base_page_size;
};

/// What one entry stores.
struct EntryBits {
    std::uint32_t tag = 0;  ///< of the virtual page number, what the set does not say
    std::uint32_t asid = 0;
    std::uint32_t flags = 0;          ///< of the page-table entry, the valid bit among them
    std::uint32_t physical_page = 0;  ///< the number of the frame
    std::uint32_t age = 0;            ///< its place among its set's for LRU

    [[nodiscard]] constexpr std::uint32_t total() const {
        return tag + asid + flags + physical_page + age;
    }
};

[[nodiscard]] EntryBits entry_bits(TlbShape shape, const EntryFormat& format);

struct TlbCost {
    std::uint64_t entry_bits = 0;
    std::uint64_t storage_bits = 0;
    std::uint64_t comparators = 0;
    std::optional<std::uint64_t> energy_fj{};
    std::optional<std::uint64_t> time_ps{};

    [[nodiscard]] std::optional<std::uint64_t> along(CostAxis axis) const;

    static constexpr auto fields() {
        using S = TlbCost;
        return std::tuple{
            statistic("entry_bits", &S::entry_bits, "bit", "what one entry stores"),
            statistic("storage_bits", &S::storage_bits, "bit", "what all entries store"),
            statistic("comparators", &S::comparators, "comparator",
                      "tags compared in one lookup: the ways"),
            statistic("energy_fj", &S::energy_fj, "femtojoule",
                      "energy of a lookup, or null outside the model"),
            statistic("time_ps", &S::time_ps, "picosecond",
                      "time of a lookup, or null outside the model"),
        };
    }
};

[[nodiscard]] TlbCost tlb_cost(TlbShape shape, const EntryFormat& format);

}  // namespace mmusim::tb
