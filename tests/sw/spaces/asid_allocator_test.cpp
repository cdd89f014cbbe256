// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/asid_allocator.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <set>

namespace mmusim::sw::asid_allocator_test {

TEST_CASE("an address space keeps its ASID as long as the generation lasts") {
    AsidAllocator asids(2);
    const AssignedAsid held = asids.assign(std::nullopt).assigned;
    REQUIRE(asids.assign(std::nullopt).assigned.asid == Asid{1});

    const AsidAllocator::Assignment again = asids.assign(held);

    CHECK(again.assigned == held);
    CHECK_FALSE(again.rolled_over);
}

TEST_CASE("2^asid_bits spaces have different ASIDs, the next one begins a new generation") {
    const auto asid_bits = GENERATE(1U, 2U, 8U, 16U);
    AsidAllocator asids(asid_bits);
    std::set<Asid> given;

    for (std::uint64_t space = 0; space < std::uint64_t{1} << asid_bits; ++space) {
        const AsidAllocator::Assignment assignment = asids.assign(std::nullopt);
        REQUIRE_FALSE(assignment.rolled_over);
        REQUIRE(given.insert(assignment.assigned.asid).second);
    }

    const AsidAllocator::Assignment one_more = asids.assign(std::nullopt);
    CHECK(one_more.rolled_over);
    CHECK(one_more.assigned.asid == Asid{0});
}

TEST_CASE("after a rollover no space may go on with what it held") {
    AsidAllocator asids(1);
    const AssignedAsid first = asids.assign(std::nullopt).assigned;
    const AssignedAsid second = asids.assign(std::nullopt).assigned;
    const AsidAllocator::Assignment third = asids.assign(std::nullopt);
    REQUIRE(third.rolled_over);

    CHECK_FALSE(asids.current(first));
    CHECK_FALSE(asids.current(second));
    CHECK(asids.current(third.assigned));

    const AsidAllocator::Assignment first_again = asids.assign(first);
    CHECK_FALSE(first_again.rolled_over);
    CHECK(first_again.assigned.asid == Asid{1});
    CHECK(asids.assign(second).rolled_over);
}

TEST_CASE("an ASID that was given back spares a rollover") {
    AsidAllocator asids(1);
    const AssignedAsid first = asids.assign(std::nullopt).assigned;
    REQUIRE_FALSE(asids.assign(std::nullopt).rolled_over);
    asids.release(first);

    const AsidAllocator::Assignment third = asids.assign(std::nullopt);

    CHECK_FALSE(third.rolled_over);
    CHECK(third.assigned.asid == first.asid);
    CHECK(asids.assign(std::nullopt).rolled_over);
}

TEST_CASE("without ASIDs every space is 0 and each takes it from the one before") {
    AsidAllocator asids(0);
    const AsidAllocator::Assignment first = asids.assign(std::nullopt);
    const AsidAllocator::Assignment second = asids.assign(std::nullopt);
    const AsidAllocator::Assignment first_again = asids.assign(first.assigned);

    CHECK_FALSE(first.rolled_over);
    CHECK(second.rolled_over);
    CHECK(first_again.rolled_over);
    CHECK(first_again.assigned.asid == Asid{0});
    CHECK_FALSE(asids.assign(first_again.assigned).rolled_over);
}

}  // namespace mmusim::sw::asid_allocator_test
