// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace mmusim::tb::exploration_test {

namespace {

using Rows = std::vector<std::array<std::uint64_t, 2>>;
using Buckets = std::vector<std::array<std::uint64_t, 3>>;

constexpr Access access_to(std::uint64_t page, AccessType type = AccessType::read) {
    return {.address = {page * page_bytes}, .size_bytes = 8, .type = type};
}

StreamExploration data_of(const std::vector<Access>& accesses) {
    Explorer explorer;
    for (const Access& access : accesses) {
        explorer.access(0, access);
    }
    return explorer.exploration().streams[AccessStreamKind::data];
}

}  // namespace

TEST_CASE("fetches and data are streams of their own, and one together") {
    Explorer explorer;
    explorer.access(0, access_to(1, AccessType::fetch));
    explorer.access(0, access_to(2, AccessType::read));
    explorer.access(0, access_to(1, AccessType::fetch));
    explorer.access(0, access_to(2, AccessType::write));
    const Exploration exploration = explorer.exploration();

    struct Row {
        AccessStreamKind kind;
        std::uint64_t accesses;
        std::uint64_t pages;
        std::uint64_t misses_of_one_entry;
    };
    for (const Row& row :
         {Row{AccessStreamKind::fetch, 2, 1, 1}, Row{AccessStreamKind::data, 2, 1, 1},
          Row{AccessStreamKind::unified, 4, 2, 4}}) {
        INFO(name_of(row.kind));
        const StreamExploration& stream = exploration.streams[row.kind];
        CHECK(stream.accesses == row.accesses);
        CHECK(stream.pages == row.pages);
        CHECK(stream.misses.front().front() == row.misses_of_one_entry);
    }
}

TEST_CASE("an access that crosses into the next page makes two lookups") {
    const StreamExploration data =
        data_of({{.address = {2 * page_bytes - 4}, .size_bytes = 8, .type = AccessType::read}});
    CHECK(data.accesses == 1);
    CHECK(data.translations == 2);
    CHECK(data.pages == 2);
}

TEST_CASE("all numbers of sets to 4096 and of ways to 16 are explored") {
    const StreamExploration data = data_of({access_to(0), access_to(4096), access_to(0)});
    CHECK(data.sets ==
          std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096});
    CHECK(data.ways ==
          std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    REQUIRE(data.misses.size() == data.sets.size());
    for (const std::vector<std::uint64_t>& row : data.misses) {
        REQUIRE(row.size() == data.ways.size());
        // Both pages lie in set 0.
        CHECK(row[0] == 3);
        CHECK(row[1] == 2);
    }
}

TEST_CASE("sizes and distances double") {
    std::vector<Access> loop;
    for (std::uint64_t step = 0; step < 10; ++step) {
        loop.push_back(access_to(step % 5));
    }
    loop.push_back(access_to(4));
    const StreamExploration data = data_of(loop);
    CHECK(data.fully_associative == Rows{{1, 10}, {2, 10}, {4, 10}});
    CHECK(data.reuse_distance == Buckets{{0, 0, 1}, {4, 7, 5}});
}

}  // namespace mmusim::tb::exploration_test
