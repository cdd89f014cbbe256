// SPDX-License-Identifier: Apache-2.0
// The causes of misses, counted by TLBs at work.
#include "hw/base/random.hpp"
#include "tests/support/mmu_bench.hpp"
#include "tests/support/naive_miss_judge.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mmusim::hw::miss_kinds_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::MmuBench;
using tests::NaiveMissJudge;
using tests::Simulation;
using tests::TranslationRequester;

constexpr PageSize small_page{12};
constexpr PageSize large_page{21};
constexpr unsigned level_of_large_pages = 1;

constexpr VirtualAddress small_pages{0x10'0000};
constexpr VirtualAddress large_pages{0x4000'0000};
constexpr VirtualAddress unmapped{0x7000'0000};
constexpr std::uint64_t small_page_count = 60;
constexpr std::uint64_t large_page_count = 10;

// Somewhere in a page of either size; sometimes where there is none.
VirtualAddress some_address(Random& random) {
    switch (random.below(8)) {
        case 0: return unmapped + random.below(3) * page_bytes;
        case 1:
        case 2:
        case 3: return large_pages + random.below(large_page_count * large_page.bytes());
        default: return small_pages + random.below(small_page_count * page_bytes);
    }
}

PageSize size_at(VirtualAddress address) {
    return address >= large_pages && address < unmapped ? large_page : small_page;
}

template <typename Memory>
void map_pages(MmuBench<Memory>& mmu) {
    for (std::uint64_t page = 0; page < small_page_count; ++page) {
        mmu.tables.map(small_pages + page * page_bytes, {0x8'1000 + page});
    }
    for (std::uint64_t page = 0; page < large_page_count; ++page) {
        mmu.tables.map(large_pages + page * large_page.bytes(), {0x10'0000 + page * 512},
                       level_of_large_pages);
    }
}

TEST_CASE("what TLBs at work say of their misses is what lists say that are searched") {
    constexpr std::uint64_t seed = 1;
    Random random(seed);
    const TlbParameters first{.sets = 1U + static_cast<std::uint32_t>(random.below(4)),
                              .ways = 1U + static_cast<std::uint32_t>(random.below(3)),
                              .replacement = Replacement::fifo};
    const TlbParameters second{.sets = 1U + static_cast<std::uint32_t>(random.below(8)),
                               .ways = 1U + static_cast<std::uint32_t>(random.below(6))};
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({.l1 = first, .l2 = second}, simulation, memory);
    map_pages(mmu);
    mmu.l1.classify_misses();
    mmu.l2.classify_misses();
    constexpr std::size_t row_count = 3000;
    std::vector<TranslationRequester::Row> rows;
    rows.reserve(row_count);
    while (rows.size() < row_count) {
        rows.push_back({.address = some_address(random),
                        .asid = {static_cast<std::uint16_t>(random.below(2))}});
    }
    mmu.requester.offer(rows);
    simulation.run();

    NaiveMissJudge judge_of_first(std::size_t{first.sets} * first.ways);
    NaiveMissJudge judge_of_second(std::size_t{second.sets} * second.ways);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const TranslationRequester::Answer& answer = mmu.requester.answers().at(row);
        const VirtualPageNumber page = page_number_of(rows[row].address);
        const PageSize size = size_at(rows[row].address);
        const bool missed_first = answer.levels == 2;
        judge_of_first.look_up(rows[row].asid, page, size, missed_first);
        if (missed_first) {
            judge_of_second.look_up(rows[row].asid, page, size,
                                    answer.walked || answer.fault.has_value());
        }
    }
    CHECK(mmu.l1.statistics().miss_kinds == judge_of_first.kinds);
    CHECK(mmu.l2.statistics().miss_kinds == judge_of_second.kinds);
    CHECK(judge_of_first.kinds.capacity > 0);
}

TEST_CASE("misses that are not told apart have no kinds") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    MmuBench mmu({}, simulation, memory);
    simulation.run();
    CHECK_FALSE(mmu.l1.statistics().miss_kinds.has_value());
}

TEST_CASE("two misses in one large page under way at once are a first lookup and a conflict") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    tests::PageTableImage tables(memory.image(), PagingMode::sv39, tests::bench_root);
    TlbModule tlb("tlb", {.sets = 2, .ways = 1, .mshrs = 4, .ports = 4}, {}, 1, simulation.clock());
    WalkerModule walker("walker", {.count = 2}, {}, {}, 1, simulation.clock());
    TranslationRequester one("one", tests::bench_root, simulation.clock());
    TranslationRequester other("other", tests::bench_root, simulation.clock());
    one.initiator.bind(tlb.upstream_target);
    other.initiator.bind(tlb.upstream_target);
    tlb.downstream_initiator.bind(walker.upstream_target);
    walker.memory_initiator.bind(memory.upstream_target);
    tables.map(large_pages, {0x10'0000}, level_of_large_pages);
    tlb.classify_misses();
    one.offer({{.issue = {0}, .address = large_pages}});
    other.offer({{.issue = {3}, .address = large_pages + 0x5000},
                 {.issue = {200}, .address = large_pages + 0x7000}});
    simulation.run();

    CHECK(tlb.statistics().misses == 2);
    CHECK(tlb.statistics().miss_kinds == MissKinds{.compulsory = 1, .conflict = 1});
    tlb.reset_statistics();
    CHECK(tlb.statistics().miss_kinds == MissKinds{});
}

}  // namespace
}  // namespace mmusim::hw::miss_kinds_module_test
