// SPDX-License-Identifier: Apache-2.0
#include "tb/check/naive_translation.hpp"

#include "hw/base/random.hpp"
#include "tests/fuzz/walk_case.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace mmusim::tb::naive_translation_test {

namespace {

using Kind = NaiveAnswer::Kind;

// One table of 512 entries at 0x1000, whose entry 0 is `entry`, for an address in the first GiB.
NaiveAnswer translate_by(std::uint64_t entry, const NaiveRequest& request) {
    return translate_naively(request, [entry](std::uint64_t address, unsigned /*bytes*/) {
        return address == 0x1000 ? std::optional(entry) : std::nullopt;
    });
}

}  // namespace

TEST_CASE("the naive translation tells the entries that it read", "[naive_translation]") {
    const NaiveRequest request{.root_page_number = 1, .virtual_address = 0x123456};

    const NaiveAnswer leaf = translate_by(0xdf, request);
    CHECK(leaf.kind == Kind::translated);
    CHECK(leaf.physical_address == 0x123456);
    CHECK_FALSE(leaf.updated_entry);
    REQUIRE(leaf.entries.size() == 1);
    CHECK(leaf.entries[0].address == 0x1000);
    CHECK(leaf.entries[0].value == 0xdf);

    // A pointer to where there is no memory.
    const NaiveAnswer lost = translate_by(0x801, request);
    CHECK(lost.kind == Kind::access_fault);
    REQUIRE(lost.entries.size() == 2);
    CHECK(lost.entries[1].address == 0x2000);
    CHECK_FALSE(lost.entries[1].value);
}

TEST_CASE("the naive translation sets A and D only with Svadu", "[naive_translation]") {
    NaiveRequest store{
        .root_page_number = 1, .adue = true, .access = 'w', .virtual_address = 0x123456};

    CHECK(translate_by(0x1f, store).updated_entry == 0xdf);
    CHECK(translate_by(0x5f, store).updated_entry == 0xdf);
    CHECK_FALSE(translate_by(0xdf, store).updated_entry);
    store.adue = false;
    CHECK(translate_by(0x5f, store).kind == Kind::page_fault);
    CHECK(translate_by(0xdf, store).kind == Kind::translated);
}

TEST_CASE("the walk and the naive translation agree on random page tables", "[naive_translation]") {
    constexpr int cases = 200'000;
    Random random(1);
    std::vector<std::uint8_t> bytes(64);
    for (int number = 0; number < cases; ++number) {
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(random.below(256));
        }
        const std::string difference = tests::difference_in(tests::walk_case_of(bytes));
        if (!difference.empty()) {
            FAIL("case " << number << ": " << difference);
        }
    }
}

}  // namespace mmusim::tb::naive_translation_test
