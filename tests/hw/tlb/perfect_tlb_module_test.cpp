// SPDX-License-Identifier: Apache-2.0
// A perfect TLB: what the page tables map, it holds.
#include "hw/tlb/tlb_module.hpp"
#include "tests/support/latency_stages.hpp"
#include "tests/support/mmu_bench.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::perfect_tlb_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::MmuBench;
using tests::only;
using tests::Simulation;
using tests::TranslationRequester;
using Answer = TranslationRequester::Answer;

constexpr VirtualAddress page_a{0x10'0000};
constexpr VirtualAddress page_b{0x10'1000};
constexpr VirtualAddress large_page{0x20'0000};
constexpr VirtualAddress nowhere{0x4000'0000};
constexpr PhysicalPageNumber frame_a{0x8'1000};
constexpr PhysicalPageNumber frame_b{0x8'2000};
constexpr Cycles memory_latency{20};

constexpr PageFlags read_only{0x53};         // V R U A
constexpr PageFlags never_used{0x1f};        // V R W X U
constexpr PageFlags used_and_clean{0x5f};    // the same with A
constexpr PageFlags used_and_dirty{0xdf};    // with A and D
constexpr PageFlags unused_read_only{0x13};  // V R U

// One set of one way would hold nothing for long.
TlbParameters perfect(std::uint64_t hit_latency) {
    return {.sets = 1, .ways = 1, .hit_latency_cycles = {hit_latency}, .perfect = true};
}

TEST_CASE("a perfect TLB has a page at its first touch: not ready a cycle before its hit latency") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = perfect(3)}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {10}, .address = page_a + 0x123}});
    std::vector<std::size_t> answered;
    for (const std::uint64_t cycle : {12U, 13U}) {
        simulation.observe(Cycles{cycle},
                           [&] { answered.push_back(mmu.requester.answers().size()); });
    }
    simulation.run();

    CHECK(answered == std::vector<std::size_t>{0, 1});
    const Answer& answer = mmu.requester.answers().at(0);
    CHECK(answer.page->physical_address(page_a + 0x123) == frame_a.address() + 0x123);
    CHECK(answer.latency.stages == only({{Stage::first_tlb_lookup, 3}}));
    CHECK(answer.levels == 1);
    CHECK_FALSE(answer.walked);
}

TEST_CASE("a perfect TLB holds any number of pages of every size, and its hits are counted by it") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    TlbParameters l1 = perfect(1);
    l1.page_sizes = {base_page_size};
    MmuBench mmu({.l1 = l1}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.tables.map(page_b, frame_b);
    mmu.tables.map(large_page, {0x8'0200}, 1);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {10}, .address = page_b},
                         {.issue = {20}, .address = large_page + 0x12345},
                         {.issue = {30}, .address = page_a}});
    simulation.run();

    for (const Answer& answer : mmu.requester.answers()) {
        CHECK(answer.duration() == Cycles{1});
    }
    const TlbStatistics statistics = mmu.l1.statistics();
    CHECK(statistics.lookups == 4);
    CHECK(statistics.hits == 4);
    CHECK(statistics.misses == 0);
    CHECK(statistics.fills == 0);
    CHECK(statistics.by_page_size.at(base_page_size).hits == 3);
    CHECK(statistics.by_page_size.at(PageSize{21}).hits == 1);
    CHECK(mmu.l1.array().entries().empty());
    CHECK(mmu.l2.statistics().lookups == 0);
    CHECK(mmu.walker.statistics().walks == 0);
    CHECK(memory.transactions().empty());
}

TEST_CASE("what no page table maps, a perfect TLB misses as any other, and the walk faults") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = perfect(1), .l2 = {.hit_latency_cycles = {7}}}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = nowhere}, {.issue = {100}, .address = page_b}});
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    CHECK(answers.at(0).fault == FaultCause::page_fault);
    CHECK(answers.at(0).duration() == Cycles{1 + 7 + 20});
    CHECK(answers.at(1).duration() == Cycles{1 + 7 + 3 * 20});
    CHECK(mmu.l1.statistics().misses == 2);
    CHECK(mmu.l2.statistics().misses == 2);
    CHECK(mmu.walker.statistics().faulted == 2);
}

TEST_CASE("a page that appears in the tables is there at the next lookup, without a fence") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = perfect(1)}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = page_b},
                         {.issue = {100}, .address = page_b},
                         {.issue = {200}, .address = page_b}});
    simulation.observe(Cycles{90}, [&] { mmu.tables.map(page_b, frame_b); });
    simulation.observe(Cycles{150}, [&] { mmu.tables.map(page_b, frame_a); });
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    CHECK(answers.at(0).fault == FaultCause::page_fault);
    CHECK(answers.at(1).page->physical_page == frame_b);
    CHECK(answers.at(1).duration() == Cycles{1});
    CHECK(answers.at(2).page->physical_page == frame_a);
}

TEST_CASE(
    "a perfect TLB denies by the rights of the page, in its hit latency, and leaves A alone") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = perfect(2)}, simulation, memory);
    mmu.tables.map(page_a, frame_a, 0, read_only);
    const PhysicalAddress unused = mmu.tables.map(page_b, frame_b, 0, unused_read_only);
    mmu.requester.offer({{.issue = {0}, .type = AccessType::write, .address = page_a},
                         {.issue = {100}, .type = AccessType::fetch, .address = page_a},
                         {.issue = {200}, .address = page_a},
                         {.issue = {300}, .type = AccessType::write, .address = page_b}});
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    for (const std::size_t number : {0U, 1U}) {
        CHECK(answers.at(number).fault == FaultCause::page_fault);
        CHECK(answers.at(number).duration() == Cycles{2});
    }
    CHECK(answers.at(2).page);
    // No TLB holds a page whose A is clear, so this one is walked to its fault.
    CHECK(answers.at(3).fault == FaultCause::page_fault);
    CHECK(answers.at(3).duration() == Cycles{2 + 7 + 3 * 20});
    CHECK(mmu.tables.entry_at(unused).flags() == unused_read_only);
    CHECK(mmu.l1.statistics().hits == 3);
    CHECK(mmu.l1.statistics().misses == 1);
}

TEST_CASE("a perfect TLB sets A and D in the tables with the hit, in no time") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = perfect(1)}, simulation, memory);
    const PhysicalAddress leaf = mmu.tables.map(page_a, frame_a, 0, never_used);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {100}, .type = AccessType::write, .address = page_a}});
    std::vector<PageFlags> flags;
    for (const std::uint64_t cycle : {0U, 99U, 100U}) {
        simulation.observe(Cycles{cycle},
                           [&] { flags.push_back(mmu.tables.entry_at(leaf).flags()); });
    }
    simulation.run();

    CHECK(flags == std::vector<PageFlags>{used_and_clean, used_and_clean, used_and_dirty});
    CHECK(mmu.requester.answers().at(0).page->flags == used_and_clean);
    CHECK(mmu.requester.answers().at(1).page->flags == used_and_dirty);
    CHECK(mmu.requester.answers().at(1).duration() == Cycles{1});
    CHECK(mmu.l1.statistics().dirty_updates == 0);
    CHECK(memory.transactions().empty());
}

TEST_CASE("under Svade a perfect TLB sets nothing: without A it misses, without D it denies") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.paging = {.ad_update = AdUpdate::fault}, .l1 = perfect(1)}, simulation, memory);
    const PhysicalAddress unused = mmu.tables.map(page_a, frame_a, 0, never_used);
    const PhysicalAddress clean = mmu.tables.map(page_b, frame_b, 0, used_and_clean);
    mmu.requester.offer({{.issue = {0}, .address = page_a, .hardware_ad_update = false},
                         {.issue = {100},
                          .type = AccessType::write,
                          .address = page_b,
                          .hardware_ad_update = false},
                         {.issue = {200}, .address = page_b, .hardware_ad_update = false}});
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    CHECK(answers.at(0).fault == FaultCause::page_fault);
    CHECK(answers.at(0).duration() == Cycles{1 + 7 + 3 * 20});
    CHECK(answers.at(1).fault == FaultCause::page_fault);
    CHECK(answers.at(1).duration() == Cycles{1});
    CHECK(answers.at(2).page);
    CHECK(mmu.tables.entry_at(unused).flags() == never_used);
    CHECK(mmu.tables.entry_at(clean).flags() == used_and_clean);
    CHECK(mmu.l1.statistics().hits == 2);
    CHECK(mmu.l1.statistics().misses == 1);
}

TEST_CASE(
    "a perfect second TLB answers the first's misses in its latency, and the first keeps them") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.sets = 1, .ways = 1, .hit_latency_cycles = {1}}, .l2 = perfect(7)},
                 simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.tables.map(page_b, frame_b);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {100}, .address = page_a},
                         {.issue = {200}, .address = page_b},
                         {.issue = {300}, .address = page_a}});
    simulation.run();

    std::vector<std::uint64_t> durations;
    for (const Answer& answer : mmu.requester.answers()) {
        durations.push_back(answer.duration().value);
    }
    CHECK(durations == std::vector<std::uint64_t>{8, 1, 8, 8});
    CHECK(mmu.requester.answers().at(0).levels == 2);
    CHECK(mmu.l1.statistics().fills == 3);
    CHECK(mmu.l2.statistics().hits == 3);
    CHECK(mmu.l2.statistics().fills == 0);
    CHECK(mmu.walker.statistics().walks == 0);
}

TEST_CASE("a store that hits a clean entry above a perfect TLB sets D as ever, by a walk") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l2 = perfect(7)}, simulation, memory);
    mmu.tables.map(page_a, frame_a, 0, used_and_clean);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {100}, .type = AccessType::write, .address = page_a}});
    simulation.run();

    CHECK(mmu.requester.answers().at(1).duration() == Cycles{1 + 3 * 20 + 20});
    CHECK(mmu.l1.statistics().dirty_updates == 1);
    CHECK(mmu.walker.statistics().rewalks == 1);
}

TEST_CASE("a perfect exclusive TLB has nothing to move up and nothing to take in") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    TlbParameters l2 = perfect(7);
    l2.inclusion = Inclusion::exclusive;
    MmuBench mmu({.l1 = {.sets = 1, .ways = 1}, .l2 = l2}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.tables.map(page_b, frame_b);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {100}, .address = page_b},
                         {.issue = {200}, .address = page_a}});
    simulation.run();

    CHECK(mmu.l2.statistics().hits == 3);
    CHECK(mmu.l2.statistics().promotions == 0);
    CHECK(mmu.l2.statistics().fills == 0);
    CHECK(mmu.l2.array().entries().empty());
}

TEST_CASE("a perfect TLB tells address spaces apart by their tables") {
    constexpr PhysicalPageNumber other_root{0x80200};
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = perfect(1)}, simulation, memory);
    tests::PageTableImage other(memory.image(), PagingMode::sv39, other_root);
    mmu.tables.map(page_a, frame_a);
    other.map(page_a, frame_b);
    mmu.requester.offer({{.issue = {0}, .address = page_a, .asid = {1}},
                         {.issue = {100}, .address = page_a, .asid = {1}, .root = other_root}});
    simulation.run();

    CHECK(mmu.requester.answers().at(0).page->physical_page == frame_a);
    CHECK(mmu.requester.answers().at(1).page->physical_page == frame_b);
}

}  // namespace
}  // namespace mmusim::hw::perfect_tlb_module_test
