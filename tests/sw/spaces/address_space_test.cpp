// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/address_space.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

#include <optional>

namespace mmusim::sw {

namespace {

constexpr Rights read_only{.read = true};
constexpr Region low{.start = {0x1000}, .end = {0x3000}, .rights = read_write_execute};
constexpr Region high{.start = {0x5000}, .end = {0x6000}, .rights = read_only};

AddressSpace space_of_two() {
    AddressSpace space({0x80000});
    space.map(high);
    space.map(low);
    return space;
}

}  // namespace

TEST_CASE("an address is in the region that starts at or before it and ends after it") {
    const AddressSpace space = space_of_two();

    CHECK(space.find({0x0fff}) == std::nullopt);
    CHECK(space.find({0x1000}) == low);
    CHECK(space.find({0x2fff}) == low);
    CHECK(space.find({0x3000}) == std::nullopt);
    CHECK(space.find({0x4fff}) == std::nullopt);
    CHECK(space.find({0x5000}) == high);
    CHECK(space.find({0x6000}) == std::nullopt);
    CHECK(space.find({~std::uint64_t{0}}) == std::nullopt);
}

TEST_CASE("regions may touch") {
    AddressSpace space = space_of_two();
    const Region between{.start = {0x3000}, .end = {0x5000}, .rights = read_only};

    space.map(between);

    CHECK(space.find({0x2fff}) == low);
    CHECK(space.find({0x3000}) == between);
    CHECK(space.find({0x4fff}) == between);
    CHECK(space.find({0x5000}) == high);
}

TEST_CASE("regions do not overlap, are whole pages and not empty") {
    AddressSpace space = space_of_two();
    const Region refused = GENERATE(values<Region>({
        {.start = {0x2000}, .end = {0x4000}, .rights = {}},
        {.start = {0x0000}, .end = {0x2000}, .rights = {}},
        {.start = {0x0000}, .end = {0x8000}, .rights = {}},
        {.start = {0x1000}, .end = {0x2000}, .rights = {}},
        {.start = {0x7000}, .end = {0x7000}, .rights = {}},
        {.start = {0x8000}, .end = {0x7000}, .rights = {}},
        {.start = {0x7001}, .end = {0x8000}, .rights = {}},
        {.start = {0x7000}, .end = {0x7800}, .rights = {}},
    }));

    CHECK_THROWS_AS(space.map(refused), ModelError);
    CHECK(space.find({0x1000}) == low);
    CHECK(space.find({0x7000}) == std::nullopt);
}

TEST_CASE("who may write may read; nothing else follows from another right") {
    struct Row {
        Rights rights;
        bool read;
        bool write;
        bool fetch;
    };
    const Row row = GENERATE(values<Row>({
        {.rights = {}, .read = false, .write = false, .fetch = false},
        {.rights = {.read = true}, .read = true, .write = false, .fetch = false},
        {.rights = {.write = true}, .read = true, .write = true, .fetch = false},
        {.rights = {.execute = true}, .read = false, .write = false, .fetch = true},
        {.rights = read_write_execute, .read = true, .write = true, .fetch = true},
    }));

    CHECK(row.rights.allows(AccessType::read) == row.read);
    CHECK(row.rights.allows(AccessType::write) == row.write);
    CHECK(row.rights.allows(AccessType::fetch) == row.fetch);
}

}  // namespace mmusim::sw
