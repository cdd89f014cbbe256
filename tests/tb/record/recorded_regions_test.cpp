// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorded_regions.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>

namespace mmusim::tb::recorded_regions_test {

namespace {

[[nodiscard]] std::string found(const RecordedRegions& regions, AddressSpan span) {
    const auto reference = regions.find(span);
    return reference ? fmt::format("{}+{:#x} {:#x}{}", reference->region, reference->offset,
                                   reference->bytes, reference->whole ? " whole" : "")
                     : "nothing";
}

/// a at 0x10000 to 0x20000, b at 0x30000 to 0x40000
[[nodiscard]] RecordedRegions two_regions() {
    RecordedRegions regions;
    regions.map("a", {0x10000, 0x20000});
    regions.map("b", {0x30000, 0x40000});
    return regions;
}

}  // namespace

TEST_CASE("addresses are found in the first region that has some of them", "[recorded_regions]") {
    const RecordedRegions regions = two_regions();
    CHECK(found(regions, {0x10000, 0x20000}) == "a+0x0 0x10000 whole");
    CHECK(found(regions, {0x11000, 0x12000}) == "a+0x1000 0x1000");
    CHECK(found(regions, {0x1f000, 0x32000}) == "a+0xf000 0x13000");
    CHECK(found(regions, {0x20000, 0x32000}) == "b+0x0 0x2000");
    CHECK(found(regions, {0x08000, 0x50000}) == "a+0x0 0x40000");
    CHECK(found(regions, {0x20000, 0x30000}) == "nothing");
    CHECK(found(regions, {0x40000, 0x50000}) == "nothing");
    CHECK(found({}, {0x10000, 0x20000}) == "nothing");
}

TEST_CASE("what is unmapped is not found, and what is left keeps its name", "[recorded_regions]") {
    RecordedRegions regions = two_regions();
    regions.unmap({0x12000, 0x14000});
    CHECK(found(regions, {0x12000, 0x14000}) == "nothing");
    CHECK(found(regions, {0x13000, 0x15000}) == "a+0x4000 0x1000");
    CHECK(found(regions, {0x10000, 0x20000}) == "a+0x0 0x10000");
    CHECK(found(regions, {0x10000, 0x12000}) == "a+0x0 0x2000");
    regions.unmap({0x00000, 0x50000});
    CHECK(found(regions, {0x00000, 0x50000}) == "nothing");
}

TEST_CASE("a new region takes the place of what was there", "[recorded_regions]") {
    RecordedRegions regions = two_regions();
    regions.map("c", {0x18000, 0x38000});
    CHECK(found(regions, {0x17000, 0x18000}) == "a+0x7000 0x1000");
    CHECK(found(regions, {0x18000, 0x38000}) == "c+0x0 0x20000 whole");
    CHECK(found(regions, {0x38000, 0x39000}) == "b+0x8000 0x1000");
}

TEST_CASE("a region that is resized or moved is whole afterwards", "[recorded_regions]") {
    RecordedRegions regions = two_regions();
    regions.resize("a", 0x8000);
    CHECK(found(regions, {0x10000, 0x18000}) == "a+0x0 0x8000 whole");
    CHECK(found(regions, {0x18000, 0x20000}) == "nothing");
    regions.move("a", 0x80000);
    CHECK(found(regions, {0x10000, 0x18000}) == "nothing");
    regions.resize("a", 0xc000);
    CHECK(found(regions, {0x80000, 0x8c000}) == "a+0x0 0xc000 whole");
}

}  // namespace mmusim::tb::recorded_regions_test
