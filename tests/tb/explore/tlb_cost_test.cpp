// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/tlb_cost.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace mmusim::tb::tlb_cost_test {

TEST_CASE("an entry stores what its set does not say") {
    struct Row {
        TlbShape shape;
        EntryFormat format;
        std::uint32_t tag;
        std::uint32_t physical_page;
        std::uint32_t age;
    };
    using hw::PagingMode;
    const PageSize large{21};
    const PageSize huge{30};
    for (const Row& row : {
             Row{{1, 1}, {PagingMode::sv39, 16, base_page_size}, 27, 44, 0},
             Row{{1, 64}, {PagingMode::sv39, 16, base_page_size}, 27, 44, 6},
             Row{{64, 4}, {PagingMode::sv39, 16, base_page_size}, 21, 44, 2},
             Row{{4096, 16}, {PagingMode::sv48, 16, base_page_size}, 24, 44, 4},
             // 20 bits of page number over 3 sets: the quotient is below 2^19.
             Row{{3, 5}, {PagingMode::sv32, 9, base_page_size}, 19, 22, 3},
             Row{{16, 4}, {PagingMode::sv39, 16, large}, 14, 35, 2},
             // There are no more than 512 pages of 1 GiB.
             Row{{4096, 2}, {PagingMode::sv39, 0, huge}, 0, 26, 1},
         }) {
        INFO(row.shape.sets << " x " << row.shape.ways);
        const EntryBits bits = entry_bits(row.shape, row.format);
        CHECK(bits.tag == row.tag);
        CHECK(bits.asid == row.format.asid_bits);
        CHECK(bits.flags == 8);
        CHECK(bits.physical_page == row.physical_page);
        CHECK(bits.age == row.age);
        const TlbCost cost = tlb_cost(row.shape, row.format);
        CHECK(cost.entry_bits == bits.total());
        CHECK(cost.storage_bits == row.shape.entries() * bits.total());
        CHECK(cost.comparators == row.shape.ways);
    }
}

TEST_CASE("each axis has its figure") {
    const TlbCost cost{.entry_bits = 1,
                       .storage_bits = 2,
                       .comparators = 3,
                       .energy_fj = 4,
                       .time_ps = std::nullopt};
    CHECK(cost.along(CostAxis::bits) == 2);
    CHECK(cost.along(CostAxis::comparators) == 3);
    CHECK(cost.along(CostAxis::energy) == 4);
    CHECK_FALSE(cost.along(CostAxis::time));
}

}  // namespace mmusim::tb::tlb_cost_test
