// SPDX-License-Identifier: Apache-2.0
// Walks whose cache of pointers, or whose reads, are ideal.
#include "hw/walker/walker_module.hpp"
#include "tests/support/latency_stages.hpp"
#include "tests/support/mmu_bench.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::perfect_walker_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::MmuBench;
using tests::MmuParameters;
using tests::only;
using tests::Simulation;
using tests::TranslationRequester;
using Answer = TranslationRequester::Answer;
using ByLevel = std::array<std::uint64_t, max_levels>;

constexpr VirtualAddress small_page{0x10'0000};
constexpr VirtualAddress large_page{0x20'0000};
constexpr VirtualAddress huge_page{0x4000'0000};
constexpr VirtualAddress nowhere{0x10'1000};
constexpr Cycles memory_latency{20};
constexpr Cycles lookups{1 + 7};
constexpr PageFlags never_used{0x1f};
const WalkerParameters slow_walker{.start_cycles = {2}, .step_cycles = {3}, .finish_cycles = {5}};

void map_a_page_of_each_level(tests::PageTableImage& tables) {
    tables.map(small_page, {0x8'1000}, 0);
    tables.map(large_page, {0x8'2000}, 1);
    tables.map(huge_page, {0xc'0000}, 2);
}

const std::vector<TranslationRequester::Row> one_of_each{{.issue = {0}, .address = small_page},
                                                         {.issue = {1'000}, .address = large_page},
                                                         {.issue = {2'000}, .address = huge_page},
                                                         {.issue = {3'000}, .address = nowhere}};

void check_one_read_for_every_walk(WalkCacheKind kind) {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu(
        {.walker = slow_walker,
         .walk_cache = {.enabled = true, .perfect = true, .kind = kind, .lookup_cycles = {4}}},
        simulation, memory);
    map_a_page_of_each_level(mmu.tables);
    mmu.requester.offer(one_of_each);
    simulation.run();

    const Cycles one_read = lookups + Cycles{2 + 4 + 3 + 20 + 5};
    for (const Answer& answer : mmu.requester.answers()) {
        CHECK(answer.duration() == one_read);
        CHECK(answer.latency.stages == only({{Stage::first_tlb_lookup, 1},
                                             {Stage::lower_tlb_lookup, 7},
                                             {Stage::walk_overhead, 2 + 3 + 5},
                                             {Stage::walk_cache, 4},
                                             {Stage::pte_read, 20}}));
    }
    CHECK(mmu.requester.answers().at(2).page->size == PageSize{30});
    CHECK(mmu.requester.answers().at(3).fault == FaultCause::page_fault);
    const WalkerStatistics statistics = mmu.walker.statistics();
    CHECK(statistics.pte_reads_by_level == ByLevel{2, 1, 1, 0, 0});
    REQUIRE(statistics.walk_cache);
    CHECK(statistics.walk_cache->lookups == 4);
    CHECK(statistics.walk_cache->hits == 3);
    CHECK(statistics.walk_cache->misses == 1);
    CHECK(statistics.walk_cache->hits_by_level == ByLevel{0, 2, 1, 0, 0});
    CHECK(statistics.walk_cache->fills == 0);
    CHECK(memory.transactions().size() == 4);
}

TEST_CASE("a perfect walk cache leaves one read to every walk, the one that ends it") {
    check_one_read_for_every_walk(WalkCacheKind::per_level);
}

TEST_CASE("a perfect walk cache is the same whatever its kind") {
    check_one_read_for_every_walk(WalkCacheKind::entries);
}

TEST_CASE("a walk through a perfect walk cache is ready at its cycle and not the one before") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.walk_cache = {.enabled = true, .perfect = true, .lookup_cycles = {0}}},
                 simulation, memory);
    map_a_page_of_each_level(mmu.tables);
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    std::vector<std::size_t> answered;
    for (const std::uint64_t cycle : {27U, 28U}) {
        simulation.observe(Cycles{cycle},
                           [&] { answered.push_back(mmu.requester.answers().size()); });
    }
    simulation.run();

    CHECK(answered == std::vector<std::size_t>{0, 1});
}

TEST_CASE(
    "a fence of a pointer under a perfect walk cache begins the walk again, at the new table") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.walk_cache = {.enabled = true, .perfect = true, .lookup_cycles = {0}}},
                 simulation, memory);
    const PhysicalAddress leaf = mmu.tables.map(small_page, {0x8'1000});
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    // The read is under way from cycle 8 to 28.
    simulation.at(Cycles{15}, CyclePhase::software, [&] {
        mmu.tables.write_entry(leaf, PageTableEntry::make({0x8'2000}, PageFlags{0xdf}));
        mmu.walker.fence({});
    });
    simulation.run();

    const Answer& answer = mmu.requester.answers().at(0);
    CHECK(answer.page->physical_page == PhysicalPageNumber{0x8'2000});
    CHECK(answer.duration() == lookups + Cycles{20 + 20});
    CHECK(mmu.walker.statistics().squashed == 1);
    CHECK(mmu.walker.statistics().pte_reads == 2);
}

void check_perfect_reads(std::uint64_t latency) {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    WalkerParameters walker = slow_walker;
    walker.perfect_reads = true;
    walker.perfect_read_cycles = {latency};
    MmuBench mmu({.walker = walker}, simulation, memory);
    map_a_page_of_each_level(mmu.tables);
    mmu.requester.offer(one_of_each);
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    const auto walk_of = [latency](std::uint64_t reads) {
        return lookups + Cycles{2 + (3 + latency) * reads + 5};
    };
    CHECK(answers.at(0).duration() == walk_of(3));
    CHECK(answers.at(1).duration() == walk_of(2));
    CHECK(answers.at(2).duration() == walk_of(1));
    CHECK(answers.at(3).duration() == walk_of(3));
    CHECK(answers.at(0).page->physical_page == PhysicalPageNumber{0x8'1000});
    CHECK(answers.at(3).fault == FaultCause::page_fault);
    CHECK(answers.at(0).latency.stages[Stage::pte_read] == Cycles{3 * latency});
    CHECK(answers.at(0).latency.stages[Stage::pte_read_wait] == Cycles{0});
    CHECK(mmu.walker.statistics().pte_reads == 3 + 2 + 1 + 3);
    CHECK(memory.transactions().empty());
}

TEST_CASE("perfect reads take their latency each, and the memory does not see them") {
    check_perfect_reads(4);
}

TEST_CASE("perfect reads may take no time at all") {
    check_perfect_reads(0);
}

TEST_CASE("a perfect read is ready at its cycle and not the one before") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.walker = {.perfect_reads = true, .perfect_read_cycles = {4}}}, simulation,
                 memory);
    map_a_page_of_each_level(mmu.tables);
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    std::vector<std::size_t> answered;
    for (const std::uint64_t cycle : {19U, 20U}) {
        simulation.observe(Cycles{cycle},
                           [&] { answered.push_back(mmu.requester.answers().size()); });
    }
    simulation.run();

    CHECK(answered == std::vector<std::size_t>{0, 1});
}

TEST_CASE("beside perfect reads an update of A and D is a write to memory as ever") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.walker = {.perfect_reads = true, .perfect_read_cycles = {1}}}, simulation,
                 memory);
    const PhysicalAddress leaf = mmu.tables.map(small_page, {0x8'1000}, 0, never_used);
    mmu.requester.offer({{.issue = {0}, .type = AccessType::write, .address = small_page}});
    simulation.run();

    const Answer& answer = mmu.requester.answers().at(0);
    CHECK(answer.duration() == lookups + Cycles{3 * 1 + 20});
    CHECK(answer.latency.stages[Stage::ad_update] == Cycles{20});
    CHECK(mmu.tables.entry_at(leaf).flags() == PageFlags{0xdf});
    CHECK(memory.transactions().size() == 1);
}

TEST_CASE("a perfect read where there is no memory is an access fault") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.walker = {.perfect_reads = true, .perfect_read_cycles = {2}}}, simulation,
                 memory);
    mmu.requester.offer({{.issue = {0}, .address = small_page, .root = PhysicalPageNumber{1}}});
    simulation.run();

    CHECK(mmu.requester.answers().at(0).fault == FaultCause::access_fault);
    CHECK(mmu.requester.answers().at(0).duration() == lookups + Cycles{2});
}

}  // namespace
}  // namespace mmusim::hw::perfect_walker_module_test
