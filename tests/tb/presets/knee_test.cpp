// SPDX-License-Identifier: Apache-2.0
// Walking round and round through more and more pages shows a TLB's size as a step in the mean
// latency. For each preset the steps are worked out from its entries and latencies alone:
//
//     pages <= entries of the first level        a hit there
//     pages <= entries of the second level       a hit there, none above
//     more                                       a walk: of all levels, or, where the walkers
//                                                have a cache of pointers, which are few, of one
//
// Under replacement by chance or by frequency part of a too large loop stays, so that such TLBs are
// given LRU here: the steps are about entries.
#include "hw/paging/format.hpp"
#include "tb/presets/presets.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/printing.hpp"
#include "tests/tb/system/machine.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::knee_test {

namespace {

constexpr std::uint64_t first_address = 0x4000'0000;
constexpr std::uint64_t memory_latency = 20;

// A TLB on the way of 4 KiB data pages, and what it costs to be answered by it.
struct Level {
    std::uint64_t entries = 0;
    std::uint64_t latency = 0;
};

struct Steps {
    std::vector<Level> levels;
    std::uint64_t walk_latency = 0;
};

[[nodiscard]] bool holds_small_pages(const hw::TlbParameters& tlb) {
    const std::vector<PageSize>& sizes = tlb.page_sizes;
    return sizes.empty() || std::find(sizes.begin(), sizes.end(), base_page_size) != sizes.end();
}

// One lookup finds the lowest pointer, or each pointer takes one.
[[nodiscard]] std::uint64_t cached_pointer_cycles(const hw::WalkCacheParameters& cache,
                                                  std::uint64_t pointers) {
    const bool one_for_all = cache.kind == hw::WalkCacheKind::per_level;
    return (one_for_all ? 1 : pointers) * cache.lookup_cycles.value;
}

[[nodiscard]] Steps steps_of(const tb::Configuration& machine) {
    Steps steps;
    std::uint64_t lookups = 0;
    for (std::string name = machine.cpu.data_tlb; name != tb::walker_name;) {
        const hw::TlbParameters& tlb = machine.tlbs.at(name);
        lookups += tlb.hit_latency_cycles.value;
        if (holds_small_pages(tlb)) {
            steps.levels.push_back(
                {.entries = std::uint64_t{tlb.sets} * tlb.ways, .latency = lookups});
        }
        name = tlb.next;
    }
    const hw::WalkerParameters& walker = machine.walker;
    const std::uint64_t pointers = hw::format_of(machine.paging.mode).levels - 1;
    const std::uint64_t read_cycles = walker.step_cycles.value + memory_latency;
    const std::uint64_t pointer_cycles = machine.walk_cache.enabled
                                             ? cached_pointer_cycles(machine.walk_cache, pointers)
                                             : pointers * read_cycles;
    steps.walk_latency = lookups + walker.start_cycles.value + pointer_cycles + read_cycles +
                         walker.finish_cycles.value;
    return steps;
}

// The mean latency of going round and round through so many pages, warm; as exact text, so that a
// single translation that takes another way is seen.
[[nodiscard]] std::string cycles_per_round(const tb::Configuration& machine, std::uint64_t pages) {
    std::vector<Access> accesses;
    for (unsigned round = 0; round < 3; ++round) {
        for (std::uint64_t page = 0; page < pages; ++page) {
            accesses.push_back({.address = {first_address + page * page_bytes},
                                .size_bytes = 8,
                                .type = AccessType::write});
        }
    }
    return in_child_process([&] {
        const tb::RunResult result = run(machine, accesses, {.warmup = 2 * pages});
        return fmt::format("{} translations, {} cycles", result.totals.translations,
                           result.breakdown.total());
    });
}

[[nodiscard]] std::string expected(std::uint64_t pages, std::uint64_t latency) {
    return fmt::format("{} translations, {} cycles", pages, pages * latency);
}

// The preset with the memory of the smallest exact machine, the walker right above it, and no costs
// of its own for faults.
[[nodiscard]] tb::Configuration machine_of(const std::string& preset) {
    tb::Configuration configuration = machine(
        preset, {"memory.kind=fixed", fmt::format("memory.latency_cycles={}", memory_latency),
                 "walker.memory_port=memory", "os.memory_accesses=posted", "os.thp=never"});
    for (auto& [name, tlb] : configuration.tlbs) {
        if (tlb.replacement == hw::Replacement::random || tlb.replacement == hw::Replacement::lfu) {
            tlb.replacement = hw::Replacement::lru;
        }
    }
    return configuration;
}

void check_steps(const std::string& preset) {
    CAPTURE(preset);
    const tb::Configuration machine = machine_of(preset);
    const Steps steps = steps_of(machine);
    REQUIRE_FALSE(steps.levels.empty());
    std::uint64_t entries_above = 0;
    for (const Level& level : steps.levels) {
        // All that this level holds, and nothing that a level above holds until its turn comes.
        REQUIRE(level.entries >= 2 * entries_above);
        CHECK(cycles_per_round(machine, level.entries) == expected(level.entries, level.latency));
        entries_above = level.entries;
    }
    const std::uint64_t too_many = 2 * entries_above;
    CHECK(cycles_per_round(machine, too_many) == expected(too_many, steps.walk_latency));
}

}  // namespace

TEST_CASE("each preset shows its entries as steps in the latency of a loop through pages") {
    for (const tb::Preset& preset : tb::presets()) {
        check_steps(std::string{preset.name});
    }
}

TEST_CASE("the steps are where the documents say") {
    struct Row {
        std::string preset;
        std::vector<std::uint64_t> entries;
    };
    const std::vector<Row> rows{
        {"boom-large", {16, 512}},
        {"champsim-default", {64, 1536}},
        {"cortex-a72", {32, 1024}},
        {"cortex-a76", {48, 1280}},
        {"cva6-sv32", {2, 128}},
        {"cva6-sv39", {16}},
        {"default", {64, 1536}},
        {"drcachesim-default", {32, 1024}},
        {"gem5-riscv-default", {64}},
        {"golden-cove", {96, 2048}},
        {"plain", {64, 1536}},
        {"rocket", {32}},
        {"skylake", {64, 1536}},
        {"wally", {32}},
        {"xiangshan-kunminghu", {48, 2048}},
        {"zen4", {72, 3072}},
    };
    REQUIRE(rows.size() == tb::presets().size());
    for (const Row& row : rows) {
        std::vector<std::uint64_t> entries;
        for (const Level& level : steps_of(machine(row.preset)).levels) {
            entries.push_back(level.entries);
        }
        CAPTURE(row.preset);
        CHECK(entries == row.entries);
    }
}

}  // namespace mmusim::tests::knee_test
