// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/process_maps.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::sw::process_maps_test {
namespace {

constexpr Rights read_only{.read = true};
constexpr Rights read_write{.read = true, .write = true};
constexpr Rights read_execute{.read = true, .execute = true};

Region region(std::uint64_t start, std::uint64_t end, Rights rights) {
    return {.start = {start}, .end = {end}, .rights = rights};
}

}  // namespace

// Device and inode apart, these are lines of a real kernel.
TEST_CASE("a line of maps is as Linux prints it") {
    Region text = region(0x7f7dd7b65000, 0x7f7dd7cbb000, read_execute);
    text.object = ObjectId{4};
    text.object_page = 0x26;
    CHECK(maps_line(text, "/usr/lib/libc.so.6") ==
          "7f7dd7b65000-7f7dd7cbb000 r-xp 00026000 00:00 5                          "
          "/usr/lib/libc.so.6");

    CHECK(maps_line(region(0x7f7dd7abc000, 0x7f7dd7ade000, read_write), "") ==
          "7f7dd7abc000-7f7dd7ade000 rw-p 00000000 00:00 0 ");

    CHECK(maps_line(region(0x11000, 0x32000, read_write), "[heap]") ==
          "00011000-00032000 rw-p 00000000 00:00 0                                  [heap]");

    Region shared = region(0x1000, 0x2000, {});
    shared.sharing = Sharing::shared;
    CHECK(maps_line(shared, "") == "00001000-00002000 ---s 00000000 00:00 0 ");
}

TEST_CASE("the size of a space is counted in pages, by what its regions are") {
    Region shared = region(0x100000, 0x104000, read_write);
    shared.sharing = Sharing::shared;
    Region stack = region(0x200000, 0x203000, read_only);
    stack.grows_down = true;
    const std::vector<Region> regions{
        region(0x10000, 0x12000, read_execute),
        region(0x13000, 0x14000, read_only),
        region(0x14000, 0x19000, read_write),
        shared,
        stack,
    };
    CHECK(size_of_space(regions, {0x10ff0}, {0x11010}) ==
          SpaceSize{.total = 2 + 1 + 5 + 4 + 3, .text = 2, .data = 5 + 3});
    CHECK(size_of_space({}, {}, {}) == SpaceSize{});
}

}  // namespace mmusim::sw::process_maps_test
