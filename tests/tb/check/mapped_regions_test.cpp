// SPDX-License-Identifier: Apache-2.0
#include "tb/check/mapped_regions.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::tb::mapped_regions_test {

namespace {

constexpr VirtualAddress page(std::uint64_t number) {
    return {number * page_bytes};
}

constexpr sw::PageSpan pages(std::uint64_t first, std::uint64_t end) {
    return {.start = page(first), .end = page(end)};
}

constexpr sw::Region of_file(std::uint64_t first, std::uint64_t end, std::uint64_t file_page) {
    return {.start = page(first),
            .end = page(end),
            .rights = {},
            .object = sw::ObjectId{3},
            .object_page = file_page};
}

}  // namespace

TEST_CASE("what is taken from the middle of a region leaves its two ends", "[contents]") {
    MappedRegions regions;
    regions.add(of_file(10, 20, 100));

    CHECK(regions.take(pages(13, 15)) == std::vector{of_file(13, 15, 103)});
    CHECK(regions.in(pages(0, 100)) == std::vector{of_file(10, 13, 100), of_file(15, 20, 105)});
    CHECK(regions.find(page(12) + 0xfff) != nullptr);
    CHECK(regions.find(page(13)) == nullptr);
    CHECK(regions.find(page(14) + 0xfff) == nullptr);
    CHECK(*regions.find(page(15)) == of_file(15, 20, 105));
    CHECK(regions.find(page(20)) == nullptr);
}

TEST_CASE("regions and holes are taken together", "[contents]") {
    MappedRegions regions;
    regions.add(of_file(1, 3, 0));
    regions.add(of_file(5, 6, 7));
    regions.add(of_file(8, 12, 9));

    CHECK(regions.in(pages(2, 9)) ==
          std::vector{of_file(2, 3, 1), of_file(5, 6, 7), of_file(8, 9, 9)});
    CHECK(regions.take(pages(2, 9)) ==
          std::vector{of_file(2, 3, 1), of_file(5, 6, 7), of_file(8, 9, 9)});
    CHECK(regions.in(pages(0, 100)) == std::vector{of_file(1, 2, 0), of_file(9, 12, 10)});
    CHECK(regions.take(pages(2, 9)).empty());
}

}  // namespace mmusim::tb::mapped_regions_test
