// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_module.hpp"

#include "hw/base/random.hpp"
#include "tests/support/latency_stages.hpp"
#include "tests/support/mmu_bench.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

namespace mmusim::hw::tlb_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::MmuBench;
using tests::only;
using tests::Simulation;
using tests::TranslationRequester;
using Answer = TranslationRequester::Answer;

constexpr VirtualAddress page_a{0x10'0000};
constexpr VirtualAddress page_b{0x20'1000};
constexpr PhysicalPageNumber frame_a{0x8'1000};
constexpr PhysicalPageNumber frame_b{0x8'2000};

// In the default bench: L1 1 cycle, L2 7 cycles, three reads of 20 cycles.
constexpr Cycles memory_latency{20};
constexpr Cycles walk_duration{1 + 7 + 3 * 20};

void check_conservation(const TlbStatistics& statistics) {
    CHECK(statistics.lookups == statistics.hits + statistics.misses);
}

TEST_CASE("a hit takes the hit latency: not done the cycle before, done then") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.hit_latency_cycles = {3}}}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer(
        {{.issue = {0}, .address = page_a}, {.issue = {200}, .address = page_a + 0x123}});
    std::size_t before = 0;
    std::size_t then = 0;
    simulation.observe(Cycles{202}, [&] { before = mmu.requester.answers().size(); });
    simulation.observe(Cycles{203}, [&] { then = mmu.requester.answers().size(); });
    simulation.run();

    CHECK(before == 1);
    CHECK(then == 2);
    const Answer& hit = mmu.requester.answers().at(1);
    CHECK(hit.done == Cycles{203});
    CHECK(hit.page->physical_address(page_a + 0x123) == frame_a.address() + 0x123);
    CHECK(hit.latency.stages == only({{Stage::first_tlb_lookup, 3}}));
    CHECK(hit.levels == 1);
    CHECK_FALSE(hit.walked);
    check_conservation(mmu.l1.statistics());
}

TEST_CASE("a miss arrives at the next TLB after the hit latency, not before") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.hit_latency_cycles = {4}}, .l2 = {.hit_latency_cycles = {7}}}, simulation,
                 memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {10}, .address = page_a}});
    std::vector<std::uint64_t> lookups_at_13_and_14;
    std::vector<std::uint64_t> walks_at_20_and_21;
    for (const std::uint64_t cycle : {13U, 14U}) {
        simulation.observe(Cycles{cycle},
                           [&] { lookups_at_13_and_14.push_back(mmu.l2.statistics().lookups); });
    }
    for (const std::uint64_t cycle : {20U, 21U}) {
        simulation.observe(Cycles{cycle},
                           [&] { walks_at_20_and_21.push_back(mmu.walker.statistics().walks); });
    }
    simulation.run();

    CHECK(lookups_at_13_and_14 == std::vector<std::uint64_t>{0, 1});
    CHECK(walks_at_20_and_21 == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("a hit in the second TLB pays both lookups and fills the first") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.sets = 1, .ways = 1}, .l2 = {.hit_latency_cycles = {7}}}, simulation,
                 memory);
    mmu.tables.map(page_a, frame_a);
    mmu.tables.map(page_b, frame_b);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {100}, .address = page_b},
                         {.issue = {200}, .address = page_a},
                         {.issue = {300}, .address = page_a}});
    simulation.run();

    const Answer& second_level = mmu.requester.answers().at(2);
    CHECK(second_level.duration() == Cycles{8});
    CHECK(second_level.latency.stages ==
          only({{Stage::first_tlb_lookup, 1}, {Stage::lower_tlb_lookup, 7}}));
    CHECK(second_level.levels == 2);
    CHECK_FALSE(second_level.walked);
    CHECK(second_level.page->physical_page == frame_a);
    CHECK(mmu.requester.answers().at(3).duration() == Cycles{1});
    CHECK(mmu.l1.statistics().evictions == 2);
    CHECK(mmu.l1.statistics().fills == 3);
    CHECK(mmu.l2.statistics().fills == 2);
    CHECK(mmu.walker.statistics().walks == 2);
}

TEST_CASE("a TLB on the same level as the one above is an array of it for other page sizes") {
    constexpr VirtualAddress large{0x20'0000};
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.page_sizes = {base_page_size}},
                  .l2 = {.hit_latency_cycles = {0}, .same_level = true}},
                 simulation, memory);
    mmu.tables.map(large, {0x8'0200}, 1);
    mmu.requester.offer({{.issue = {0}, .address = large}, {.issue = {100}, .address = large}});
    simulation.run();

    const Answer& beside = mmu.requester.answers().at(1);
    CHECK(beside.levels == 1);
    CHECK(beside.duration() == Cycles{1});
    CHECK(beside.latency.stages == only({{Stage::first_tlb_lookup, 1}}));
    CHECK(mmu.l1.statistics().hits == 0);
    CHECK(mmu.l2.statistics().hits == 1);
}

TEST_CASE("a fill is visible in the cycle in which the walk is done, in every TLB that missed") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = page_a}, {.issue = {0}, .address = page_a}});
    std::vector<std::size_t> entries;
    for (const Cycles cycle : {walk_duration - Cycles{1}, walk_duration}) {
        simulation.observe(cycle, [&] {
            entries.push_back(mmu.l1.array().entries().size());
            entries.push_back(mmu.l2.array().entries().size());
        });
    }
    simulation.run();

    CHECK(entries == std::vector<std::size_t>{0, 0, 1, 1});
    CHECK(mmu.requester.answers().at(0).done == walk_duration);
    CHECK(mmu.requester.answers().at(1).issued == walk_duration);
    CHECK(mmu.requester.answers().at(1).duration() == Cycles{1});
}

TEST_CASE("a page of two sizes at once, for want of a fence, is counted, and the smaller answers") {
    constexpr VirtualAddress large{0x20'0000};
    constexpr VirtualAddress small = large + 3 * page_bytes;
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(small, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = small},
                         {.issue = {200}, .address = large},
                         {.issue = {400}, .address = small},
                         {.issue = {500}, .address = large}});
    simulation.observe(Cycles{150}, [&] { mmu.tables.map(large, {0x8'4000}, 1); });
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    CHECK(answers.at(1).page->size == PageSize{21});
    CHECK(answers.at(2).page->physical_page == frame_a);
    CHECK(answers.at(3).page->size == PageSize{21});
    CHECK(mmu.l1.statistics().multi_hits == 1);
    CHECK(mmu.l1.statistics().hits == 2);
    CHECK(mmu.l2.statistics().multi_hits == 0);
}

TEST_CASE("a large page is filled in its size and counted under it") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map({0x20'0000}, {0x8'2000}, 1);
    mmu.tables.map_napot({0x10'0000}, {0x8'3000});
    mmu.requester.offer({{.issue = {0}, .address = {0x20'1234}},
                         {.issue = {100}, .address = {0x3f'ffff}},
                         {.issue = {200}, .address = {0x10'1000}},
                         {.issue = {300}, .address = {0x10'f008}}});
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    CHECK(answers.at(1).duration() == Cycles{1});
    CHECK(answers.at(1).page->physical_address({0x3f'ffff}) == PhysicalAddress{0x821f'ffff});
    CHECK(answers.at(3).duration() == Cycles{1});
    CHECK(answers.at(3).page->physical_address({0x10'f008}) == PhysicalAddress{0x8300'f008});
    const TlbStatistics statistics = mmu.l1.statistics();
    REQUIRE(statistics.by_page_size.size() == 4);
    CHECK(statistics.by_page_size.at({21}).fills == 1);
    CHECK(statistics.by_page_size.at({21}).hits == 1);
    CHECK(statistics.by_page_size.at({16}).fills == 1);
    CHECK(statistics.by_page_size.at({16}).hits == 1);
    CHECK(statistics.by_page_size.at({12}).fills == 0);
    CHECK(statistics.by_page_size.at({30}).fills == 0);
}

TEST_CASE("a TLB does not keep pages of a size that it does not hold, and the next one does") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.page_sizes = {base_page_size}}, .l2 = {.hit_latency_cycles = {7}}},
                 simulation, memory);
    mmu.tables.map({0x20'0000}, {0x8'2000}, 1);
    mmu.requester.offer(
        {{.issue = {0}, .address = {0x20'1234}}, {.issue = {100}, .address = {0x20'1234}}});
    simulation.run();

    CHECK(mmu.requester.answers().at(1).duration() == Cycles{8});
    CHECK(mmu.l1.statistics().fills == 0);
    CHECK(mmu.l2.statistics().fills == 1);
    CHECK(mmu.l1.statistics().by_page_size.size() == 1);
}

TEST_CASE("a walk that faults fills nothing, and the fault costs what it read") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = {page_a.value + 0x1000}},
                         {.issue = {200}, .address = {0x4000'0000}}});
    simulation.run();

    const std::vector<Answer>& answers = mmu.requester.answers();
    CHECK(answers.at(0).fault == FaultCause::page_fault);
    CHECK_FALSE(answers.at(0).page);
    CHECK(answers.at(0).duration() == walk_duration);
    CHECK(answers.at(1).duration() == Cycles{1 + 7 + 20});
    CHECK(mmu.l1.array().entries().empty());
    CHECK(mmu.l2.array().entries().empty());
    CHECK(mmu.l1.statistics().fills == 0);
    CHECK(mmu.walker.statistics().faulted == 2);
}

TEST_CASE("a hit that permission denies is a hit, and pays its lookup only") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    constexpr PageFlags read_only{0x53};
    mmu.tables.map(page_a, frame_a, 0, read_only);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {100}, .type = AccessType::write, .address = page_a},
                         {.issue = {200}, .type = AccessType::fetch, .address = page_a},
                         {.issue = {300}, .type = AccessType::read, .address = page_a}});
    simulation.run();

    for (const std::size_t number : {1U, 2U}) {
        const Answer& denied = mmu.requester.answers().at(number);
        CHECK(denied.fault == FaultCause::page_fault);
        CHECK_FALSE(denied.page);
        CHECK(denied.latency.stages == only({{Stage::first_tlb_lookup, 1}}));
        CHECK(denied.duration() == Cycles{1});
    }
    CHECK(mmu.requester.answers().at(3).page);
    CHECK(mmu.l1.statistics().hits == 3);
    CHECK(mmu.l1.statistics().misses == 1);
    CHECK(mmu.l1.statistics().dirty_updates == 0);
    CHECK(mmu.walker.statistics().walks == 1);
}

constexpr PageFlags clean{0x5f};
const WalkerParameters slow_walker{.start_cycles = {2}, .step_cycles = {3}, .finish_cycles = {5}};

TEST_CASE("a store that hits a clean entry is a hit whose walk sets D") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.walker = slow_walker}, simulation, memory);
    const PhysicalAddress leaf = mmu.tables.map(page_a, frame_a, 0, clean);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {200}, .type = AccessType::write, .address = page_a},
                         {.issue = {400}, .type = AccessType::write, .address = page_a}});
    simulation.run();

    const Answer& update = mmu.requester.answers().at(1);
    CHECK(update.page->flags == PageFlags{0xdf});
    CHECK(update.levels == 1);
    CHECK_FALSE(update.walked);
    CHECK(update.latency.stages == only({{Stage::first_tlb_lookup, 1},
                                         {Stage::walk_overhead, 2 + 3 * 3 + 5},
                                         {Stage::pte_read, 3 * 20},
                                         {Stage::ad_update, 20}}));
    CHECK(update.duration() == update.latency.total());
    CHECK(mmu.tables.entry_at(leaf).flags() == PageFlags{0xdf});

    CHECK(mmu.requester.answers().at(2).duration() == Cycles{1});
    CHECK(mmu.l1.statistics().dirty_updates == 1);
    CHECK(mmu.l1.statistics().hits == 2);
    CHECK(mmu.l1.statistics().fills == 1);
    CHECK(mmu.l1.array().entries().at(0).page.flags == PageFlags{0xdf});
    CHECK(mmu.l2.statistics().lookups == 1);
    CHECK(mmu.walker.statistics().walks == 2);
    CHECK(mmu.walker.statistics().rewalks == 1);
    CHECK(mmu.walker.statistics().ad_updates == 1);
}

TEST_CASE("a store that finds a clean entry in the second TLB fills the first with D set") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({.l1 = {.sets = 1, .ways = 1}}, simulation, memory);
    mmu.tables.map(page_a, frame_a, 0, clean);
    mmu.tables.map(page_b, frame_b);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {200}, .address = page_b},
                         {.issue = {400}, .type = AccessType::write, .address = page_a},
                         {.issue = {600}, .type = AccessType::write, .address = page_a}});
    simulation.run();

    const Answer& update = mmu.requester.answers().at(2);
    CHECK(update.levels == 2);
    CHECK(update.duration() == Cycles{1 + 7 + 3 * 20 + 20});
    CHECK(mmu.requester.answers().at(3).duration() == Cycles{1});
    CHECK(mmu.l1.statistics().dirty_updates == 0);
    CHECK(mmu.l2.statistics().dirty_updates == 1);
    CHECK(mmu.walker.statistics().rewalks == 1);
}

TEST_CASE("under Svade a store that hits a clean entry faults, and nobody walks") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    const PhysicalAddress leaf = mmu.tables.map(page_a, frame_a, 0, clean);
    mmu.requester.offer({{.issue = {0}, .address = page_a, .hardware_ad_update = false},
                         {.issue = {200},
                          .type = AccessType::write,
                          .address = page_a,
                          .hardware_ad_update = false}});
    simulation.run();

    const Answer& denied = mmu.requester.answers().at(1);
    CHECK(denied.fault == FaultCause::page_fault);
    CHECK(denied.duration() == Cycles{1});
    CHECK(mmu.tables.entry_at(leaf).flags() == clean);
    CHECK(mmu.l1.statistics().dirty_updates == 0);
    CHECK(mmu.walker.statistics().walks == 1);
}

TEST_CASE("a fence takes effect through the module, and counts what it removes") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    constexpr PageFlags global{0xff};
    constexpr VirtualAddress page_g{0x30'2000};
    mmu.tables.map(page_a, frame_a);
    mmu.tables.map(page_b, frame_b);
    mmu.tables.map(page_g, {0x8'3000}, 0, global);

    // Before each fence A and B are there for ASID 1, A for ASID 2, and the global page.
    const std::vector<TranslationRequester::Row> fill{{.address = page_a, .asid = {1}},
                                                      {.address = page_b, .asid = {1}},
                                                      {.address = page_a, .asid = {2}},
                                                      {.address = page_g, .asid = {1}}};
    const std::vector<Fence> fences{{.address = page_a + 0x10},
                                    {.asid = Asid{1}},
                                    {.address = page_a, .asid = Asid{2}},
                                    {.address = page_g, .asid = Asid{1}},
                                    {.address = page_g},
                                    {}};
    std::vector<std::uint64_t> removed;
    for (std::size_t number = 0; number < fences.size(); ++number) {
        const std::uint64_t round = number * 10'000;
        for (TranslationRequester::Row row : fill) {
            row.issue = Cycles{round};
            mmu.requester.offer({row});
        }
        simulation.at(Cycles{round + 5000}, CyclePhase::software,
                      [&mmu, &removed, &fences, number] {
                          const std::uint64_t before = mmu.l1.statistics().invalidations;
                          mmu.l1.fence(fences[number]);
                          removed.push_back(mmu.l1.statistics().invalidations - before);
                      });
    }
    simulation.run();

    CHECK(removed == std::vector<std::uint64_t>{2, 2, 1, 0, 1, 4});
    CHECK(mmu.l1.array().entries().empty());
    CHECK(mmu.l2.array().entries().size() == 4);
    CHECK(mmu.l2.statistics().invalidations == 0);
}

TEST_CASE("after a fence the page table is what counts, before it the old entry may answer") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = page_a},
                         {.issue = {200}, .address = page_a},
                         {.issue = {300}, .address = page_a}});
    simulation.at(Cycles{100}, CyclePhase::software, [&] { mmu.tables.map(page_a, frame_b); });
    simulation.at(Cycles{300}, CyclePhase::software, [&] {
        mmu.l1.fence({.address = page_a});
        mmu.l2.fence({.address = page_a});
    });
    simulation.run();

    CHECK(mmu.requester.answers().at(1).page->physical_page == frame_a);
    CHECK(mmu.requester.answers().at(2).page->physical_page == frame_b);
}

// Two requesters that share one TLB.
struct SharedTlb {
    SharedTlb(Simulation& simulation, FixedLatencyMemory& memory, const TlbParameters& parameters)
        : tables(memory.image(), PagingMode::sv39, tests::bench_root),
          first("first", tests::bench_root, simulation.clock()),
          second("second", tests::bench_root, simulation.clock()),
          tlb("tlb", parameters, {}, 1, simulation.clock()),
          walker("walker", {}, {}, {}, 1, simulation.clock()) {
        first.initiator.bind(tlb.upstream_target);
        second.initiator.bind(tlb.upstream_target);
        tlb.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory.upstream_target);
    }

    tests::PageTableImage tables;
    TranslationRequester first;
    TranslationRequester second;
    TlbModule tlb;
    WalkerModule walker;
};

const TlbParameters blocking{.hit_latency_cycles = {7}, .hit_under_miss = false};

TEST_CASE("without hits under misses a request waits for the miss, then looks up once") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    SharedTlb shared(simulation, memory, blocking);
    shared.tables.map(page_a, frame_a);
    shared.tables.map(page_b, frame_b);
    shared.first.offer({{.issue = {0}, .address = page_a}});
    shared.second.offer(
        {{.issue = {10}, .address = page_a + 8}, {.issue = {100}, .address = page_b}});
    simulation.run();

    const Answer& waited = shared.second.answers().at(0);
    CHECK(shared.first.answers().at(0).done == Cycles{67});
    CHECK(waited.latency.stages == only({{Stage::tlb_wait, 57}, {Stage::first_tlb_lookup, 7}}));
    CHECK(waited.done == Cycles{67 + 7});
    CHECK_FALSE(waited.walked);
    CHECK(shared.second.answers().at(1).duration() == Cycles{67});
    CHECK(shared.tlb.statistics().lookups == 3);
    CHECK(shared.tlb.statistics().hits == 1);
    CHECK(shared.walker.statistics().walks == 2);
}

TEST_CASE("waiting requests are served first come, first served, newcomers behind them") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    SharedTlb shared(simulation, memory, blocking);
    shared.tables.map(page_a, frame_a);
    shared.tables.map(page_b, frame_b);
    constexpr VirtualAddress page_c{0x30'2000};
    shared.tables.map(page_c, {0x8'3000});
    // The first requester has its next miss ready in the very cycle in which the TLB is free again:
    // the second, which came before, goes first.
    shared.first.offer({{.issue = {0}, .address = page_a}, {.issue = {0}, .address = page_b}});
    shared.second.offer({{.issue = {10}, .address = page_c}});
    simulation.run();

    REQUIRE(shared.first.answers().size() == 2);
    REQUIRE(shared.second.answers().size() == 1);
    CHECK(shared.first.answers()[0].done == Cycles{67});
    CHECK(shared.second.answers()[0].done == Cycles{67 + 67});
    CHECK(shared.second.answers()[0].latency.stages[Stage::tlb_wait] == Cycles{57});
    CHECK(shared.first.answers()[1].done == Cycles{67 + 67 + 67});
    CHECK(shared.first.answers()[1].latency.stages[Stage::tlb_wait] == Cycles{67});
    CHECK(shared.first.answers()[1].page->physical_page == frame_b);
    CHECK(shared.second.answers()[0].page->physical_page == PhysicalPageNumber{0x8'3000});
}

TEST_CASE("two requesters at one TLB: each gets its own pages, and every cycle has a stage") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    SharedTlb shared(simulation, memory, {.hit_latency_cycles = {7}});
    constexpr std::uint64_t pages = 100;
    const auto address_of = [](std::uint64_t page) { return VirtualAddress{page << 12U}; };
    for (std::uint64_t page = 0; page < pages; ++page) {
        // Some pages are missing, some are clean.
        const PageFlags flags{static_cast<std::uint8_t>(page % 7 == 0   ? 0
                                                        : page % 5 == 0 ? 0x5f
                                                                        : 0xdf)};
        shared.tables.map(address_of(page), {0x8'1000 + page}, 0, flags);
    }
    Random random(19);
    std::array<std::vector<std::uint64_t>, 2> asked;
    for (int round = 0; round < 2000; ++round) {
        const std::size_t side = random.below(2);
        const std::uint64_t page = random.below(pages);
        const AccessType type = random.below(3) == 0 ? AccessType::write : AccessType::read;
        asked[side].push_back(page);
        (side == 0 ? shared.first : shared.second)
            .offer({{.issue = {random.below(20'000)}, .type = type, .address = address_of(page)}});
    }
    simulation.run();

    for (const std::size_t side : {0U, 1U}) {
        const std::vector<Answer>& answers = (side == 0 ? shared.first : shared.second).answers();
        REQUIRE(answers.size() == asked[side].size());
        for (std::size_t number = 0; number < answers.size(); ++number) {
            const Answer& answer = answers[number];
            const std::uint64_t page = asked[side][number];
            REQUIRE(answer.latency.total() == answer.duration());
            REQUIRE(answer.page.has_value() == (page % 7 != 0));
            if (answer.page) {
                REQUIRE(answer.page->physical_page == PhysicalPageNumber{0x8'1000 + page});
            }
        }
    }
    const TlbStatistics tlb = shared.tlb.statistics();
    const WalkerStatistics& walker = shared.walker.statistics();
    check_conservation(tlb);
    CHECK(tlb.lookups == 2000);
    CHECK(tlb.dirty_updates > 0);
    CHECK(walker.walks == walker.completed + walker.faulted + walker.squashed);
    CHECK(tlb.misses == walker.walks + tlb.mshr_merges - walker.rewalks);
    CHECK(tlb.fills - tlb.evictions == shared.tlb.array().entries().size());
}

TEST_CASE("new statistics begin at zero, and the entries stay") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(page_a, frame_a);
    mmu.requester.offer({{.issue = {0}, .address = page_a}, {.issue = {200}, .address = page_a}});
    simulation.at(Cycles{100}, CyclePhase::software, [&] { mmu.l1.reset_statistics(); });
    simulation.run();

    CHECK(mmu.l1.statistics().lookups == 1);
    CHECK(mmu.l1.statistics().hits == 1);
    CHECK(mmu.l1.statistics().fills == 0);
    CHECK(mmu.l1.statistics().by_page_size.at(base_page_size).hits == 1);
    CHECK(mmu.l1.statistics().by_page_size.at(base_page_size).fills == 0);
}

TEST_CASE("a TLB holds the sizes that it is told, or all of the format, smallest first") {
    CHECK(page_sizes_of({.page_sizes = {{21}, {12}}}, {}) == std::vector<PageSize>{{12}, {21}});
    CHECK(page_sizes_of({}, {.svnapot = false}) == std::vector<PageSize>{{12}, {21}, {30}});
    CHECK(page_sizes_of({}, {}) == std::vector<PageSize>{{12}, {16}, {21}, {30}});
}

}  // namespace
}  // namespace mmusim::hw::tlb_module_test
