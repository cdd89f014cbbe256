// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/explorer.hpp"

#include "hw/base/random.hpp"
#include "tests/tb/explore/misses_by_lists.hpp"
#include "tests/tb/explore/page_streams.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mmusim::tb::explorer_test {

namespace {

using Rows = std::vector<std::array<std::uint64_t, 2>>;
using Buckets = std::vector<std::array<std::uint64_t, 3>>;

constexpr Access access_to(std::uint64_t page, AccessType type = AccessType::read) {
    return {.address = {page * page_bytes}, .size_bytes = 8, .type = type};
}

StreamExploration data_of(const std::vector<Access>& accesses, const ExplorationPlan& plan = {}) {
    Explorer explorer(plan);
    for (const Access& access : accesses) {
        explorer.access(0, access);
    }
    return explorer.exploration().front().streams[AccessStreamKind::data];
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
        const StreamExploration& stream = exploration.front().streams[row.kind];
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

namespace {

// Somewhere in 3 GiB, often near the last address, of two processes; some cross a page.
struct RandomAccesses {
    struct Step {
        std::uint32_t process;
        Access access;
    };
    std::vector<Step> steps{};

    explicit RandomAccesses(std::uint64_t seed) {
        Random random(seed);
        std::uint64_t address = 0;
        for (int step = 0; step < 3000; ++step) {
            address = random.below(3) == 0 ? random.below(3 * giant_page.bytes())
                                           : address + random.below(3 * page_bytes);
            steps.push_back({.process = static_cast<std::uint32_t>(random.below(2)),
                             .access = {.address = {address}, .size_bytes = 8}});
        }
    }

    // The lookups that they make, in pages of this size.
    [[nodiscard]] std::vector<ProcessPage> lookups(PageSize size) const {
        std::vector<ProcessPage> pages;
        for (const Step& step : steps) {
            const std::uint64_t first = step.access.address.value;
            for (std::uint64_t page = first / page_bytes; page <= (first + 7) / page_bytes;
                 ++page) {
                pages.push_back(
                    {.process = step.process, .number = page * page_bytes / size.bytes()});
            }
        }
        return pages;
    }

    static constexpr PageSize giant_page{30};
};

}  // namespace

TEST_CASE("pages of every size are explored in one pass as lists say that are searched") {
    const RandomAccesses random(GENERATE(range(1U, 4U)));
    Explorer explorer({.page_sizes = {{12}, {16}, {21}, {30}}, .points = {{5, 3}, {1, 100}}});
    for (const RandomAccesses::Step& step : random.steps) {
        explorer.access(step.process, step.access);
    }
    for (const PageExploration& explored : explorer.exploration()) {
        INFO(to_text(explored.page_size));
        const std::vector<ProcessPage> lookups = random.lookups(explored.page_size);
        const tests::Distances distances = tests::distances_by_list(lookups);
        const StreamExploration& data = explored.streams[AccessStreamKind::data];
        CHECK(data.accesses == random.steps.size());
        CHECK(data.translations == lookups.size());
        const auto agrees = [&](const Geometry& geometry) {
            INFO(geometry.sets << " sets, " << geometry.ways << " ways");
            const ClassifiedMisses naive =
                tests::misses_by_lists(lookups, distances, geometry.shape());
            CHECK(geometry.misses == naive.misses());
            CHECK(geometry.compulsory == naive.compulsory);
            CHECK(geometry.capacity == naive.capacity);
            CHECK(geometry.conflict == naive.conflict);
        };
        // Some of every number of sets, and every number of ways.
        for (std::size_t place = 0; place < data.geometries.size(); place += 13) {
            agrees(data.geometries[place]);
        }
        for (const Point& point : data.points) {
            agrees(point);
            CHECK(point.processes.size() == 2);
        }
    }
}

TEST_CASE("the smallest that miss no more than a share are found, by entries and by cost") {
    // Pages 0 and 4096 are in one set of all, and page 1 is in another if there are two.
    std::vector<Access> loop;
    for (int round = 0; round < 10; ++round) {
        for (const std::uint64_t page : {0U, 4096U, 1U}) {
            loop.push_back(access_to(page));
        }
    }
    const StreamExploration data =
        data_of(loop, {.miss_rates = {{1'000'000}, {400'000}, {100'000}, {99'999}}});
    REQUIRE(data.targets.size() == 4);
    CHECK(data.targets[0].smallest == TlbShape{1, 1});
    // Three misses are the first of each page; page 1 alone needs a set of its own.
    CHECK(data.targets[1].most_misses == 12);
    CHECK(data.targets[1].smallest == TlbShape{1, 3});
    CHECK(data.targets[1].fully_associative_entries == 3);
    CHECK(data.targets[1].cheapest[CostAxis::comparators] == TlbShape{2, 2});
    CHECK(data.targets[2].smallest == TlbShape{1, 3});
    CHECK(data.targets[3].most_misses == 2);
    CHECK_FALSE(data.targets[3].smallest);
    CHECK_FALSE(data.targets[3].fully_associative_entries);
    CHECK_FALSE(data.targets[3].cheapest[CostAxis::bits]);
}

TEST_CASE("what is worth its cost is marked, and nothing beats it") {
    Explorer explorer;
    for (const ProcessPage& page : tests::page_stream(7, 5000, 300)) {
        explorer.access(page.process, access_to(page.number));
    }
    const StreamExploration data = explorer.exploration().front().streams[AccessStreamKind::data];
    std::size_t marked = 0;
    for (const Geometry& geometry : data.geometries) {
        for (const Geometry& other : data.geometries) {
            const bool beaten = other.cost.storage_bits < geometry.cost.storage_bits &&
                                other.misses <= geometry.misses;
            if (beaten) {
                REQUIRE_FALSE(geometry.pareto[CostAxis::bits]);
            }
        }
        marked += geometry.pareto[CostAxis::bits] ? 1 : 0;
    }
    CHECK(marked > 5);
    // The smallest of all costs least, and so is worth it.
    CHECK(data.geometries.front().pareto[CostAxis::bits]);
}

}  // namespace mmusim::tb::explorer_test
