// SPDX-License-Identifier: Apache-2.0
#include "tb/system/working_sets.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <set>
#include <vector>

namespace mmusim::tb::working_sets_test {

namespace {

using Sizes = std::vector<std::uint64_t>;

constexpr sw::ProcessId first{0};
constexpr sw::ProcessId second{1};

}  // namespace

TEST_CASE("a working set has each page once, however often it is touched") {
    WorkingSets sets;
    for (const std::uint64_t page : {std::uint64_t{7}, std::uint64_t{8}, std::uint64_t{7}}) {
        sets.touched(first, {page});
    }
    CHECK(sets.take() == Sizes{2});
}

TEST_CASE("processes have working sets of their own, of the same pages too") {
    WorkingSets sets;
    sets.touched(second, {7});
    sets.touched(first, {7});
    sets.touched(second, {8});
    CHECK(sets.take() == Sizes{1, 2});
}

TEST_CASE("an interval begins with empty working sets") {
    WorkingSets sets;
    sets.touched(first, {7});
    sets.touched(first, {8});
    CHECK(sets.take() == Sizes{2});
    CHECK(sets.take() == Sizes{0});
    sets.touched(first, {7});
    CHECK(sets.take() == Sizes{1});
}

TEST_CASE("working sets are those of a naive count, anywhere in the address space") {
    constexpr std::uint64_t last_page = (std::uint64_t{1} << 44U) - 1;
    Random random(5);
    WorkingSets sets;
    for (int interval = 0; interval < 50; ++interval) {
        std::vector<std::set<std::uint64_t>> naive(2);
        for (int access = 0; access < 300; ++access) {
            const auto process = static_cast<std::uint32_t>(access % 2);
            const std::uint64_t near = random.below(1'500);
            const std::uint64_t page = random.below(2) == 0 ? near : last_page - near;
            naive[process].insert(page);
            sets.touched({process}, {page});
        }
        REQUIRE(sets.take() == Sizes{naive[0].size(), naive[1].size()});
    }
}

}  // namespace mmusim::tb::working_sets_test
