// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/walker_module.hpp"

#include "hw/base/random.hpp"
#include "tests/support/latency_stages.hpp"
#include "tests/support/mmu_bench.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <numeric>

namespace mmusim::hw::walker_module_test {
namespace {

using tests::FailingMemory;
using tests::FixedLatencyMemory;
using tests::MmuBench;
using tests::MmuParameters;
using tests::only;
using tests::Simulation;
using tests::StallingMemory;
using tests::TranslationRequester;
using Answer = TranslationRequester::Answer;

constexpr VirtualAddress small_page{0x10'0000};
constexpr VirtualAddress large_page{0x20'0000};
constexpr VirtualAddress huge_page{0x4000'0000};
const WalkerParameters slow_walker{.start_cycles = {2}, .step_cycles = {3}, .finish_cycles = {5}};

// Walks one page of each level and compares with the closed form.
void check_closed_form(const MmuParameters& parameters, Cycles memory_latency) {
    Simulation simulation;
    FixedLatencyMemory memory("memory", memory_latency, simulation.clock());
    MmuBench mmu(parameters, simulation, memory);
    mmu.tables.map(small_page, {0x8'1000}, 0);
    mmu.tables.map(large_page, {0x8'2000}, 1);
    mmu.tables.map(huge_page, {0xc'0000}, 2);
    mmu.requester.offer({{.issue = {0}, .address = huge_page},
                         {.issue = {10'000}, .address = large_page},
                         {.issue = {20'000}, .address = small_page}});
    simulation.run();

    const WalkerParameters& walker = parameters.walker;
    for (std::uint64_t reads = 1; reads <= 3; ++reads) {
        CAPTURE(reads);
        const Answer& answer = mmu.requester.answers().at(reads - 1);
        const Cycles lookups = parameters.l1.hit_latency_cycles + parameters.l2.hit_latency_cycles;
        const Cycles overhead =
            walker.start_cycles + walker.step_cycles * reads + walker.finish_cycles;
        CHECK(answer.page);
        CHECK(answer.walked);
        CHECK(answer.duration() == lookups + overhead + memory_latency * reads);
        CHECK(answer.latency.stages ==
              only({{Stage::first_tlb_lookup, parameters.l1.hit_latency_cycles.value},
                    {Stage::lower_tlb_lookup, parameters.l2.hit_latency_cycles.value},
                    {Stage::walk_overhead, overhead.value},
                    {Stage::pte_read, memory_latency.value * reads}}));
    }
    const WalkerStatistics& statistics = mmu.walker.statistics();
    CHECK(statistics.walks == 3);
    CHECK(statistics.completed == 3);
    CHECK(statistics.pte_reads == 6);
    CHECK(statistics.pte_reads_by_level == std::array<std::uint64_t, max_levels>{1, 2, 3, 0, 0});
    CHECK(statistics.wait_cycles == Cycles{0});
    CHECK(statistics.service_cycles == (walker.start_cycles + walker.finish_cycles) * 3 +
                                           (walker.step_cycles + memory_latency) * 6);
}

TEST_CASE("a walk is lookups, start, step and memory for each level, finish: no fixed costs") {
    check_closed_form({}, Cycles{20});
}

TEST_CASE("a walk is lookups, start, step and memory for each level, finish: all of them") {
    check_closed_form({.walker = slow_walker}, Cycles{20});
}

TEST_CASE("a walk is lookups, start, step and memory for each level, finish: start only") {
    check_closed_form({.walker = {.start_cycles = {9}}}, Cycles{1});
}

TEST_CASE("a walk is lookups, start, step and memory for each level, finish: step only") {
    check_closed_form({.walker = {.step_cycles = {4}}}, Cycles{0});
}

TEST_CASE("a walk is lookups, start, step and memory for each level, finish: finish only") {
    check_closed_form({.walker = {.finish_cycles = {6}}}, Cycles{100});
}

TEST_CASE("a walk is lookups, start, step and memory for each level, finish: nothing at all") {
    check_closed_form({.l1 = {.hit_latency_cycles = {0}}, .l2 = {.hit_latency_cycles = {0}}},
                      Cycles{0});
}

TEST_CASE("a walk's reads begin in their cycles and its answer comes in its own") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({.walker = slow_walker}, simulation, memory);
    mmu.tables.map(small_page, {0x8'1000});
    mmu.requester.offer({{.issue = {100}, .address = small_page}});
    std::vector<std::size_t> answered;
    for (const std::uint64_t cycle : {183U, 184U}) {
        simulation.observe(Cycles{cycle},
                           [&] { answered.push_back(mmu.requester.answers().size()); });
    }
    simulation.run();

    // Lookups until 108, start until 110, then 3 + 20 for each read, finish 5.
    const std::vector<tests::TestMemory::Transaction>& reads = memory.transactions();
    REQUIRE(reads.size() == 3);
    CHECK(reads[0].arrival == Cycles{113});
    CHECK(reads[1].arrival == Cycles{136});
    CHECK(reads[2].arrival == Cycles{159});
    CHECK(reads[0].address == mmu.tables.entry_address(small_page, 2));
    CHECK(reads[1].address == mmu.tables.entry_address(small_page, 1));
    CHECK(reads[2].address == mmu.tables.entry_address(small_page, 0));
    CHECK(mmu.requester.answers().at(0).done == Cycles{184});
    CHECK(answered == std::vector<std::size_t>{0, 1});
}

TEST_CASE("an address that is not canonical costs start and finish, and no read") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({.walker = slow_walker}, simulation, memory);
    mmu.requester.offer({{.issue = {0}, .address = {0x40'0000'0000}}});
    simulation.run();

    const Answer& answer = mmu.requester.answers().at(0);
    CHECK(answer.fault == FaultCause::page_fault);
    CHECK(answer.duration() == Cycles{1 + 7 + 2 + 5});
    CHECK(memory.transactions().empty());
    CHECK(mmu.walker.statistics().faulted == 1);
}

TEST_CASE("setting A or D in a walk costs one memory latency more, under its own stage") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({.walker = slow_walker}, simulation, memory);
    constexpr PageFlags untouched{0x1f};
    const PhysicalAddress read_leaf = mmu.tables.map(small_page, {0x8'1000}, 0, untouched);
    const PhysicalAddress written_leaf = mmu.tables.map(large_page, {0x8'2000}, 1, untouched);
    mmu.requester.offer({{.issue = {0}, .address = small_page},
                         {.issue = {500}, .type = AccessType::write, .address = large_page}});
    simulation.run();

    const Answer& read = mmu.requester.answers().at(0);
    CHECK(read.latency.stages == only({{Stage::first_tlb_lookup, 1},
                                       {Stage::lower_tlb_lookup, 7},
                                       {Stage::walk_overhead, 2 + 3 * 3 + 5},
                                       {Stage::pte_read, 3 * 20},
                                       {Stage::ad_update, 20}}));
    CHECK(read.duration() == Cycles{1 + 7 + 2 + 3 * 23 + 20 + 5});
    CHECK(read.page->flags == PageFlags{0x5f});
    CHECK(mmu.tables.entry_at(read_leaf).flags() == PageFlags{0x5f});

    CHECK(mmu.requester.answers().at(1).duration() == Cycles{1 + 7 + 2 + 2 * 23 + 20 + 5});
    CHECK(mmu.tables.entry_at(written_leaf).flags() == PageFlags{0xdf});
    CHECK(memory.transactions().at(3).purpose == MemoryPurpose::ad_update);
    CHECK(memory.transactions().at(3).address == read_leaf);
    CHECK(mmu.walker.statistics().ad_updates == 2);
    CHECK(mmu.walker.statistics().pte_reads == 5);
    CHECK(mmu.walker.statistics().rewalks == 0);
}

TEST_CASE("an entry that somebody changes before the update is read again, not overwritten") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    const PhysicalAddress leaf = mmu.tables.map(small_page, {0x8'1000}, 0, {0x1f});
    const PageTableEntry other = PageTableEntry::make({0x8'7777}, {0x1f});
    memory.before_transaction(3, [&] { mmu.tables.write_entry(leaf, other); });
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    simulation.run();

    const Answer& answer = mmu.requester.answers().at(0);
    CHECK(answer.page->physical_page == PhysicalPageNumber{0x8'7777});
    CHECK(mmu.tables.entry_at(leaf) == other.with_flags(PageFlags::accessed_bit));
    CHECK(answer.latency.stages == only({{Stage::first_tlb_lookup, 1},
                                         {Stage::lower_tlb_lookup, 7},
                                         {Stage::pte_read, 4 * 20},
                                         {Stage::ad_update, 2 * 20}}));
    CHECK(mmu.walker.statistics().pte_reads == 4);
    CHECK(mmu.walker.statistics().pte_reads_by_level[0] == 2);
    CHECK(mmu.walker.statistics().ad_updates == 1);
}

TEST_CASE("an entry that is removed before the update stays removed, and the access faults") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    const PhysicalAddress leaf = mmu.tables.map(small_page, {0x8'1000}, 0, {0x1f});
    memory.before_transaction(3, [&] { mmu.tables.write_entry(leaf, {0}); });
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    simulation.run();

    CHECK(mmu.requester.answers().at(0).fault == FaultCause::page_fault);
    CHECK(mmu.tables.entry_at(leaf) == PageTableEntry{0});
    CHECK(mmu.l1.array().entries().empty());
}

TEST_CASE("an entry outside memory is an access fault after that read") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({.walker = slow_walker}, simulation, memory);
    mmu.tables.map(small_page, {0x8'1000});
    mmu.tables.write_entry(mmu.tables.entry_address(small_page, 2),
                           PageTableEntry::make({0xfff'ffff'ffff}, {PageFlags::valid_bit}));
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    simulation.run();

    const Answer& answer = mmu.requester.answers().at(0);
    CHECK(answer.fault == FaultCause::access_fault);
    CHECK(answer.duration() == Cycles{1 + 7 + 2 + 2 * 23 + 5});
    CHECK(mmu.walker.statistics().faulted == 1);
    CHECK(mmu.walker.statistics().pte_reads == 2);
}

// The transaction of one walk that fails ends it with an access fault.
void check_failing(std::size_t failing, Cycles expected, std::uint64_t updates) {
    Simulation simulation;
    FailingMemory memory("memory", Cycles{20}, failing, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(small_page, {0x8'1000}, 0, {0x1f});
    mmu.requester.offer(
        {{.issue = {0}, .address = small_page}, {.issue = {500}, .address = small_page}});
    simulation.run();

    CHECK(mmu.requester.answers().at(0).fault == FaultCause::access_fault);
    CHECK(mmu.requester.answers().at(0).duration() == expected);
    CHECK(mmu.requester.answers().at(0).latency.total() == expected);
    CHECK(mmu.requester.answers().at(1).page);
    CHECK(mmu.walker.statistics().faulted == 1);
    CHECK(mmu.walker.statistics().completed == 1);
    CHECK(mmu.walker.statistics().ad_updates == updates);
}

TEST_CASE("memory that fails in the first read is an access fault") {
    check_failing(0, Cycles{8 + 20}, 1);
}

TEST_CASE("memory that fails in the last read is an access fault") {
    check_failing(2, Cycles{8 + 60}, 1);
}

TEST_CASE("memory that fails in the update is an access fault") {
    // The bits were stored before the error came back; what counts is what the walker was told.
    check_failing(3, Cycles{8 + 80}, 0);
}

// Two address spaces share their tables, and a pointer in them is turned to another table while a
// walk of the first has just read it. Only the second space is fenced, so the walk goes on.
void check_shared_pointer(WalkCacheKind kind, std::uint64_t pointers_kept) {
    constexpr VirtualAddress neighbour = small_page + page_bytes;
    constexpr PhysicalPageNumber new_table{0x8'8000};
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({.walk_cache = {.enabled = true, .kind = kind, .lookup_cycles = {0}}}, simulation,
                 memory);
    mmu.tables.map(small_page, {0x8'1000});
    const PhysicalAddress leaf = mmu.tables.map(neighbour, {0x8'1001});
    mmu.tables.write_entry(new_table.address() + leaf.page_offset(),
                           PageTableEntry::make({0x8'2001}, {0xdf}));
    mmu.requester.offer({{.issue = {0}, .address = small_page, .asid = {1}},
                         {.issue = {200}, .address = neighbour, .asid = {2}}});
    // The second read is under way from 28 to 48.
    simulation.at(Cycles{30}, CyclePhase::software, [&] {
        mmu.tables.write_entry(mmu.tables.entry_address(small_page, 1),
                               PageTableEntry::make(new_table, {PageFlags::valid_bit}));
        mmu.walker.fence({.asid = Asid{2}});
    });
    std::uint64_t fills = 0;
    simulation.observe(Cycles{100}, [&] { fills = mmu.walker.statistics().walk_cache->fills; });
    simulation.run();

    CHECK(mmu.walker.statistics().squashed == 0);
    CHECK(mmu.requester.answers().at(0).page->physical_page == PhysicalPageNumber{0x8'1000});
    CHECK(mmu.requester.answers().at(1).page->physical_page == PhysicalPageNumber{0x8'2001});
    CHECK(fills == pointers_kept);
}

TEST_CASE("a pointer that another space's fence has overtaken is not kept for that space") {
    // The first pointer is entered and fenced, the second one is not entered.
    check_shared_pointer(WalkCacheKind::entries, 1);
}

TEST_CASE("a pointer that another space's fence has overtaken is kept for its own space") {
    check_shared_pointer(WalkCacheKind::per_level, 2);
}

// Random waits and services of up to 30 cycles each.
std::vector<MemoryTiming> random_timings(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<MemoryTiming> timings;
    for (std::size_t number = 0; number < count; ++number) {
        timings.push_back({.wait = {random.below(30)}, .service = {random.below(30)}});
    }
    return timings;
}

TEST_CASE("with a stalling memory a walk takes what the memory took, and waiting has its stage") {
    constexpr std::uint64_t walks = 300;
    Simulation simulation;
    StallingMemory memory("memory", random_timings(29, 997), simulation.clock());
    MmuBench mmu({.walker = slow_walker}, simulation, memory);
    const auto address_of = [](std::uint64_t number) {
        return VirtualAddress{number << 21U | (number % 512) << 12U};
    };
    for (std::uint64_t number = 0; number < walks; ++number) {
        const auto flags = static_cast<std::uint8_t>(number % 3 == 0 ? 0x1f : 0xdf);
        mmu.tables.map(address_of(number), {0x8'4000 + number}, 0, {flags});
        mmu.requester.offer({{.address = address_of(number)}});
    }
    simulation.run();

    REQUIRE(mmu.requester.answers().size() == walks);
    std::size_t transaction = 0;
    for (std::uint64_t number = 0; number < walks; ++number) {
        const Answer& answer = mmu.requester.answers()[number];
        Cycles read;
        Cycles read_wait;
        for (int level = 0; level < 3; ++level) {
            read += memory.timing(transaction).service;
            read_wait += memory.timing(transaction++).wait;
        }
        MemoryTiming update;
        if (number % 3 == 0) {
            update = memory.timing(transaction++);
        }
        CAPTURE(number);
        REQUIRE(answer.latency.stages == only({{Stage::first_tlb_lookup, 1},
                                               {Stage::lower_tlb_lookup, 7},
                                               {Stage::walk_overhead, 16},
                                               {Stage::pte_read, read.value},
                                               {Stage::pte_read_wait, read_wait.value},
                                               {Stage::ad_update, update.service.value},
                                               {Stage::ad_update_wait, update.wait.value}}));
        REQUIRE(answer.duration() == answer.latency.total());
        REQUIRE(answer.page->physical_page == PhysicalPageNumber{0x8'4000 + number});
    }
    CHECK(memory.transactions().size() == transaction);
}

// Two requesters, each with a TLB of its own, and one bank of walkers.
template <typename Memory>
struct TwoTlbs {
    TwoTlbs(std::uint32_t walkers, Simulation& simulation, Memory& memory)
        : tables(memory.image(), PagingMode::sv39, tests::bench_root),
          first("first", tests::bench_root, simulation.clock()),
          second("second", tests::bench_root, simulation.clock()),
          first_tlb("first_tlb", {}, {}, 1, simulation.clock()),
          second_tlb("second_tlb", {}, {}, 2, simulation.clock()),
          walker("walker", {.count = walkers, .start_cycles = {2}}, {}, {}, 1, simulation.clock()) {
        first.initiator.bind(first_tlb.upstream_target);
        second.initiator.bind(second_tlb.upstream_target);
        first_tlb.downstream_initiator.bind(walker.upstream_target);
        second_tlb.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory.upstream_target);
    }

    tests::PageTableImage tables;
    TranslationRequester first;
    TranslationRequester second;
    TlbModule first_tlb;
    TlbModule second_tlb;
    WalkerModule walker;
};

TEST_CASE("with one walker the second request waits for it") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    TwoTlbs<FixedLatencyMemory> bench(1, simulation, memory);
    bench.tables.map(small_page, {0x8'1000});
    bench.first.offer({{.issue = {0}, .address = small_page}});
    bench.second.offer({{.issue = {10}, .address = small_page}});
    simulation.run();

    // The first: lookup 1, start 2, reads 60.
    CHECK(bench.first.answers().at(0).done == Cycles{63});
    const Answer& waited = bench.second.answers().at(0);
    CHECK(waited.latency.stages == only({{Stage::first_tlb_lookup, 1},
                                         {Stage::walker_wait, 63 - 11},
                                         {Stage::walk_overhead, 2},
                                         {Stage::pte_read, 60}}));
    CHECK(waited.done == Cycles{63 + 62});
    CHECK(bench.walker.statistics().wait_cycles == Cycles{52});
    CHECK(bench.walker.statistics().service_cycles == Cycles{124});
}

TEST_CASE("requests wait for a walker first come, first served") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    TwoTlbs<FixedLatencyMemory> bench(1, simulation, memory);
    TlbModule third_tlb("third_tlb", {}, {}, 3, simulation.clock());
    TranslationRequester third("third", tests::bench_root, simulation.clock());
    third.initiator.bind(third_tlb.upstream_target);
    third_tlb.downstream_initiator.bind(bench.walker.upstream_target);
    bench.tables.map(small_page, {0x8'1000});
    bench.first.offer({{.issue = {0}, .address = small_page}});
    third.offer({{.issue = {10}, .address = small_page}});
    bench.second.offer({{.issue = {11}, .address = small_page}});
    simulation.run();

    CHECK(bench.first.answers().at(0).done == Cycles{63});
    CHECK(third.answers().at(0).done == Cycles{63 + 62});
    CHECK(bench.second.answers().at(0).done == Cycles{63 + 2 * 62});
}

TEST_CASE("with two walkers nobody waits") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    TwoTlbs<FixedLatencyMemory> bench(2, simulation, memory);
    bench.tables.map(small_page, {0x8'1000});
    bench.first.offer({{.issue = {0}, .address = small_page}});
    bench.second.offer({{.issue = {10}, .address = small_page}});
    simulation.run();

    CHECK(bench.first.answers().at(0).done == Cycles{63});
    CHECK(bench.second.answers().at(0).done == Cycles{10 + 63});
    CHECK(bench.second.answers().at(0).latency.stages[Stage::walker_wait] == Cycles{0});
    CHECK(bench.walker.statistics().wait_cycles == Cycles{0});
}

TEST_CASE("two walkers at a memory that answers out of order keep their walks apart") {
    constexpr std::uint64_t walks = 300;
    Simulation simulation;
    StallingMemory memory("memory", random_timings(37, 499), simulation.clock());
    TwoTlbs<StallingMemory> bench(2, simulation, memory);
    for (std::uint64_t number = 0; number < walks; ++number) {
        const VirtualAddress address{number << 21U | (number % 512) << 12U};
        const auto flags = static_cast<std::uint8_t>(number % 4 == 0   ? 0
                                                     : number % 3 == 0 ? 0x1f
                                                                       : 0xdf);
        bench.tables.map(address, {0x8'4000 + number}, 0, {flags});
        bench.first.offer({{.address = address}});
        bench.second.offer({{.type = AccessType::write, .address = address}});
    }
    simulation.run();

    for (const TranslationRequester* requester : {&bench.first, &bench.second}) {
        REQUIRE(requester->answers().size() == walks);
        for (std::uint64_t number = 0; number < walks; ++number) {
            const Answer& answer = requester->answers()[number];
            REQUIRE(answer.duration() == answer.latency.total());
            REQUIRE(answer.page.has_value() == (number % 4 != 0));
            if (answer.page) {
                REQUIRE(answer.page->physical_page == PhysicalPageNumber{0x8'4000 + number});
            }
        }
    }
    const WalkerStatistics& statistics = bench.walker.statistics();
    CHECK(statistics.walks == 2 * walks);
    CHECK(statistics.walks == statistics.completed + statistics.faulted + statistics.squashed);
    CHECK(statistics.faulted == 2 * walks / 4);
    CHECK(statistics.pte_reads + statistics.ad_updates <= memory.transactions().size());
    CHECK(std::accumulate(statistics.pte_reads_by_level.begin(),
                          statistics.pte_reads_by_level.end(),
                          std::uint64_t{0}) == statistics.pte_reads);
}

TEST_CASE("new walker statistics begin at zero") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    mmu.tables.map(small_page, {0x8'1000});
    mmu.requester.offer({{.issue = {0}, .address = small_page}});
    simulation.run();
    CHECK(mmu.walker.statistics().walks == 1);

    mmu.walker.reset_statistics();
    CHECK(mmu.walker.statistics().walks == 0);
    CHECK(mmu.walker.statistics().pte_reads == 0);
}

}  // namespace
}  // namespace mmusim::hw::walker_module_test
