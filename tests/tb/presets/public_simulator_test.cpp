// SPDX-License-Identifier: Apache-2.0
// What two public simulators count of the same accesses. Their own source, unchanged, was given the
// shipped trace, access by access:
//
// - drcachesim, DynamoRIO/dynamorio at 05e316505beb (7 August 2026), clients/drcachesim/simulator,
//   through tlb_simulator_t::process_memref;
// - ChampSim, ChampSim/ChampSim at 2ff250115857 (9 May 2025), the TLBs of inc/defaults.hpp without
//   the core: each access when the one before was answered, an access that crosses a page as two,
//   and walks answered at once.
//
// They know no page faults: what a retry looks up once more is left out here.
#include "tests/support/child_process.hpp"
#include "tests/tb/system/machine.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tests::public_simulator_test {

namespace {

// A retry misses wherever its first try did.
[[nodiscard]] std::string misses_of(const tb::RunResult& result) {
    std::string text;
    for (const auto& [name, tlb] : result.tlbs) {
        text += fmt::format("{}{} {} of {}", text.empty() ? "" : ", ", name,
                            tlb.misses - tlb.retry_misses, tlb.lookups - tlb.retry_misses);
    }
    return text;
}

[[nodiscard]] std::string misses_of(const tb::Configuration& configuration,
                                    const std::vector<Access>& accesses) {
    return in_child_process([&] { return misses_of(run(configuration, accesses)); });
}

// The trace fetches from one page only, and nothing in it crosses a page. This one has its reads as
// fetches, and 5,163 of its accesses cross.
[[nodiscard]] std::vector<Access> wide_trace_with_fetches() {
    std::vector<Access> accesses = shipped_trace();
    for (Access& access : accesses) {
        access.size_bytes = 64;
        access.type = access.type == AccessType::read ? AccessType::fetch : access.type;
    }
    return accesses;
}

struct Shape {
    unsigned sets = 0;
    unsigned ways = 0;
};

struct Row {
    std::string replacement;
    Shape first_levels;
    Shape second_level;
    std::string misses;
};

[[nodiscard]] std::vector<std::string> settings_of(const Row& row) {
    std::vector<std::string> settings;
    const auto add = [&](const std::string& tlb, const Shape& shape) {
        settings.push_back(fmt::format("tlbs.{}.replacement={}", tlb, row.replacement));
        settings.push_back(fmt::format("tlbs.{}.sets={}", tlb, shape.sets));
        settings.push_back(fmt::format("tlbs.{}.ways={}", tlb, shape.ways));
    };
    add("l1i", row.first_levels);
    add("l1d", row.first_levels);
    add("l2", row.second_level);
    return settings;
}

}  // namespace

TEST_CASE("drcachesim-default misses as often as drcachesim itself on the shipped trace") {
    CHECK(misses_of(machine("drcachesim-default"), shipped_trace()) ==
          "l1i 1 of 1641415, l1d 341973 of 758585, l2 9705 of 341974");
    CHECK(misses_of(machine("drcachesim-default"), wide_trace_with_fetches()) ==
          "l1i 312716 of 2254013, l1d 22951 of 151150, l2 9892 of 335667");
}

TEST_CASE("champsim-default misses as often as the TLBs of ChampSim itself on the shipped trace") {
    CHECK(misses_of(machine("champsim-default"), shipped_trace()) ==
          "l1i 1 of 1641415, l1d 23225 of 758585, l2 3145 of 23226");
    CHECK(misses_of(machine("champsim-default"), wide_trace_with_fetches()) ==
          "l1i 23585 of 2254013, l1d 23449 of 151150, l2 3173 of 47034");
}

// The srrip is drcachesim's policy_rrip_t with two bits and a period of 0, which no option selects.
TEST_CASE("other shapes and policies miss as often as those of drcachesim on the shipped trace") {
    const std::vector<Row> rows{
        {"lru", {1, 32}, {256, 4}, "l1i 1 of 1641415, l1d 23225 of 758585, l2 13586 of 23226"},
        {"fifo", {1, 32}, {256, 4}, "l1i 1 of 1641415, l1d 25546 of 758585, l2 12257 of 25547"},
        {"srrip", {1, 32}, {256, 4}, "l1i 1 of 1641415, l1d 23227 of 758585, l2 12869 of 23228"},
        {"lfu", {4, 4}, {32, 8}, "l1i 1 of 1641415, l1d 117802 of 758585, l2 19544 of 117803"},
        {"lru", {16, 4}, {128, 12}, "l1i 1 of 1641415, l1d 23225 of 758585, l2 3145 of 23226"},
        {"lfu", {16, 4}, {128, 12}, "l1i 1 of 1641415, l1d 22500 of 758585, l2 4700 of 22501"},
    };
    const std::vector<Access> accesses = shipped_trace();
    for (const Row& row : rows) {
        CAPTURE(row.replacement, row.first_levels.sets, row.second_level.sets);
        CHECK(misses_of(machine("drcachesim-default", settings_of(row)), accesses) == row.misses);
    }
}

}  // namespace mmusim::tests::public_simulator_test
