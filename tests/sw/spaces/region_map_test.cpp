// SPDX-License-Identifier: Apache-2.0
#include "sw/spaces/region_map.hpp"

#include "hw/base/problems.hpp"
#include "hw/base/random.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <string>

namespace mmusim::sw::region_map_test {
namespace {

constexpr Rights read_only{.read = true};
constexpr Rights read_write{.read = true, .write = true};

constexpr VirtualAddress page(std::uint64_t number) {
    return {number * page_bytes};
}

constexpr PageSpan pages(std::uint64_t first, std::uint64_t end) {
    return {page(first), page(end)};
}

constexpr Region region(std::uint64_t first, std::uint64_t end, Rights rights = read_write) {
    return {.start = page(first), .end = page(end), .rights = rights};
}

constexpr Region of_file(std::uint64_t first, std::uint64_t end, std::uint64_t file_page) {
    Region result = region(first, end);
    result.object = ObjectId{3};
    result.object_page = file_page;
    return result;
}

RegionMap map_of(const std::vector<Region>& regions) {
    RegionMap map;
    for (const Region& each : regions) {
        map.insert(each);
    }
    return map;
}

// A page's attributes as text, nothing for a hole: the plainest map there is.
using PlainMap = std::map<std::uint64_t, std::string>;

std::string attributes_of(const Region& region, std::uint64_t number) {
    return fmt::format("{}{}{} {} {}", region.rights.read, region.rights.write,
                       region.rights.execute, region.object ? region.object->value : 0,
                       region.object ? region.object_page_at(page(number)) : 0);
}

PlainMap plain(const RegionMap& map) {
    PlainMap result;
    for (const Region& each : map.all()) {
        for (std::uint64_t number = each.start.value / page_bytes;
             number < each.end.value / page_bytes; ++number) {
            result[number] = attributes_of(each, number);
        }
    }
    return result;
}

}  // namespace

TEST_CASE("removing the middle of a region leaves its two ends, and says what was taken") {
    RegionMap map = map_of({of_file(10, 20, 100)});

    CHECK(map.remove(pages(13, 15)) == std::vector{of_file(13, 15, 103)});
    CHECK(map.all() == std::vector{of_file(10, 13, 100), of_file(15, 20, 105)});
}

TEST_CASE("removing over several regions and holes takes what is there") {
    RegionMap map = map_of({region(1, 3), region(5, 6, read_only), region(8, 12)});

    CHECK(map.remove(pages(2, 9)) ==
          std::vector{region(2, 3), region(5, 6, read_only), region(8, 9)});
    CHECK(map.all() == std::vector{region(1, 2), region(9, 12)});
    CHECK(map.remove(pages(2, 9)).empty());
}

TEST_CASE("a change splits at the ends of its span, and the change back merges") {
    RegionMap map = map_of({region(0, 10)});

    map.change(pages(3, 5), [](Region& each) { each.rights = read_only; });
    CHECK(map.all() == std::vector{region(0, 3), region(3, 5, read_only), region(5, 10)});
    map.change(pages(3, 5), [](Region& each) { each.rights = read_write; });
    CHECK(map.all() == std::vector{region(0, 10)});
}

TEST_CASE("neighbours merge where they are alike, and a file goes on in the file too") {
    CHECK(map_of({region(0, 2), region(4, 6), region(2, 4)}).all() == std::vector{region(0, 6)});
    CHECK(map_of({of_file(0, 2, 7), of_file(2, 4, 9)}).all() == std::vector{of_file(0, 4, 7)});

    const std::vector<std::vector<Region>> kept_apart{
        {of_file(0, 2, 7), of_file(2, 4, 8)},
        {region(0, 2), of_file(2, 4, 2)},
        {region(0, 2), region(2, 4, read_only)},
        {region(0, 2), region(3, 4)},
    };
    for (const std::vector<Region>& regions : kept_apart) {
        CHECK(map_of(regions).all() == regions);
    }
}

TEST_CASE("a span is covered, free, or neither") {
    const RegionMap map = map_of({region(1, 3), region(3, 5, read_only), region(6, 8)});

    CHECK(map.covers(pages(1, 5)));
    CHECK_FALSE(map.covers(pages(1, 6)));
    CHECK_FALSE(map.covers(pages(0, 2)));
    CHECK_FALSE(map.covers(pages(4, 7)));
    CHECK(map.free(pages(5, 6)));
    CHECK(map.free(pages(8, 20)));
    CHECK_FALSE(map.free(pages(5, 7)));
    CHECK(map.in(pages(2, 7)) == std::vector{region(2, 3), region(3, 5, read_only), region(6, 7)});
}

TEST_CASE("what overlaps, is empty or is not whole pages is refused") {
    RegionMap map = map_of({region(4, 8)});
    const Region half_a_page{.start = page(1), .end = page(1) + 0x800, .rights = {}};
    for (const Region& refused :
         {region(7, 9), region(0, 5), region(5, 6), region(0, 20), region(2, 2), half_a_page}) {
        CHECK_THROWS_AS(map.insert(refused), ModelError);
    }
    CHECK(map.all() == std::vector{region(4, 8)});
}

TEST_CASE("on random changes a map is what a list of pages is, in as few regions as can be") {
    constexpr std::uint64_t page_count = 40;
    Random random(1);
    RegionMap map;
    PlainMap expected;
    for (unsigned step = 0; step < 20'000; ++step) {
        const std::uint64_t first = random.below(page_count);
        const std::uint64_t end = first + 1 + random.below(8);
        const Rights rights = random.below(2) == 0 ? read_only : read_write;
        if (random.below(2) == 0) {
            map.remove(pages(first, end));
            Region added = region(first, end, rights);
            if (random.below(2) == 0) {
                added.object = ObjectId{1 + static_cast<std::uint32_t>(random.below(2))};
                added.object_page = first + random.below(2);
            }
            map.insert(added);
            for (std::uint64_t number = first; number < end; ++number) {
                expected[number] = attributes_of(added, number);
            }
        } else if (random.below(2) == 0) {
            map.remove(pages(first, end));
            expected.erase(expected.lower_bound(first), expected.lower_bound(end));
        } else {
            map.change(pages(first, end), [&](Region& each) { each.rights = rights; });
            for (auto& [number, text] : expected) {
                if (first <= number && number < end) {
                    text.replace(0, text.find(' '),
                                 fmt::format("{}{}{}", rights.read, rights.write, rights.execute));
                }
            }
        }
        CAPTURE(step);
        REQUIRE(plain(map) == expected);
        const std::vector<Region> regions = map.all();
        for (std::size_t i = 1; i < regions.size(); ++i) {
            REQUIRE_FALSE(regions[i - 1].continued_by(regions[i]));
        }
    }
}

}  // namespace mmusim::sw::region_map_test
