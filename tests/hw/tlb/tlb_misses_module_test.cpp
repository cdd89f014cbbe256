// SPDX-License-Identifier: Apache-2.0
// Several requests at one TLB: miss registers, merging, ports, hits under misses.
#include "tests/support/latency_stages.hpp"
#include "tests/support/mmu_bench.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <vector>

namespace mmusim::hw::tlb_misses_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::only;
using tests::Simulation;
using tests::TranslationRequester;
using Answer = TranslationRequester::Answer;

constexpr VirtualAddress page_a{0x10'0000};
constexpr VirtualAddress page_b{0x20'1000};
constexpr VirtualAddress page_c{0x30'2000};
constexpr VirtualAddress page_d{0x40'3000};
constexpr PhysicalPageNumber frame_a{0x8'1000};

// A lookup of 7 cycles, then three reads of 20.
constexpr std::uint64_t lookup = 7;
constexpr std::uint64_t reads = 60;

// One TLB, four requesters, as many walkers as are asked for.
class Bench {
  public:
    Bench(const TlbParameters& parameters, std::uint32_t walkers, Simulation& simulation)
        : memory_("memory", Cycles{20}, simulation.clock()),
          tables(memory_.image(), PagingMode::sv39, tests::bench_root),
          tlb("tlb", parameters, {}, 1, simulation.clock()),
          walker("walker", {.count = walkers}, {}, {}, 1, simulation.clock()) {
        for (unsigned number = 0; number < 4; ++number) {
            const std::string name = fmt::format("requester{}", number);
            requesters_.push_back(std::make_unique<TranslationRequester>(
                name.c_str(), tests::bench_root, simulation.clock()));
            requesters_.back()->initiator.bind(tlb.upstream_target);
        }
        tlb.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory_.upstream_target);
        PhysicalPageNumber frame = frame_a;
        for (const VirtualAddress page : {page_a, page_b, page_c, page_d}) {
            tables.map(page, frame);
            frame = frame + 1;
        }
    }

  private:
    FixedLatencyMemory memory_;

  public:
    [[nodiscard]] TranslationRequester& requester(std::size_t number) {
        return *requesters_[number];
    }
    [[nodiscard]] const Answer& answer(std::size_t requester_number, std::size_t number = 0) {
        return requesters_[requester_number]->answers().at(number);
    }
    void check_conservation() const {
        const TlbStatistics counted = tlb.statistics();
        const WalkerStatistics walked = walker.statistics();
        CHECK(counted.lookups == counted.hits + counted.misses);
        CHECK(counted.misses == walked.walks + counted.mshr_merges - walked.rewalks);
        CHECK(counted.fills - counted.evictions - counted.invalidations ==
              tlb.array().entries().size());
    }

    tests::PageTableImage tables;
    TlbModule tlb;
    WalkerModule walker;

  private:
    std::vector<std::unique_ptr<TranslationRequester>> requesters_;
};

const TlbParameters one_register{.hit_latency_cycles = {lookup}, .mshrs = 1, .ports = 4};
const TlbParameters two_registers{.hit_latency_cycles = {lookup}, .mshrs = 2, .ports = 4};

TEST_CASE("hits pass a miss that is under way") {
    Simulation simulation;
    Bench bench(one_register, 1, simulation);
    bench.requester(0).offer(
        {{.issue = {0}, .address = page_a}, {.issue = {100}, .address = page_b}});
    bench.requester(1).offer({{.issue = {110}, .address = page_a}});
    simulation.run();

    CHECK(bench.answer(1).done == Cycles{110 + lookup});
    CHECK(bench.answer(1).latency.stages == only({{Stage::first_tlb_lookup, lookup}}));
    CHECK(bench.answer(0, 1).done == Cycles{100 + lookup + reads});
    bench.check_conservation();
}

TEST_CASE("a miss of a page that is under way joins it and takes no walk") {
    Simulation simulation;
    Bench bench(one_register, 4, simulation);
    bench.requester(0).offer({{.issue = {0}, .address = page_a}});
    bench.requester(1).offer({{.issue = {10}, .address = page_a + 8}});
    // Joins, and is not answered before its own lookup is over.
    bench.requester(2).offer({{.issue = {64}, .address = page_a + 16}});
    simulation.run();

    CHECK(bench.answer(0).done == Cycles{67});
    CHECK(bench.answer(1).done == Cycles{67});
    CHECK(bench.answer(1).latency.stages ==
          only({{Stage::first_tlb_lookup, lookup}, {Stage::merge_wait, 67 - 10 - lookup}}));
    CHECK(bench.answer(1).page->physical_page == frame_a);
    CHECK(bench.answer(1).walked);
    CHECK(bench.answer(2).done == Cycles{64 + lookup});
    CHECK(bench.answer(2).latency.stages == only({{Stage::first_tlb_lookup, lookup}}));
    CHECK(bench.tlb.statistics().misses == 3);
    CHECK(bench.tlb.statistics().mshr_merges == 2);
    CHECK(bench.tlb.statistics().fills == 1);
    CHECK(bench.walker.statistics().walks == 1);
    bench.check_conservation();
}

TEST_CASE("as many misses are under way as there are registers: the next waits to the cycle") {
    Simulation simulation;
    Bench bench(two_registers, 4, simulation);
    bench.requester(0).offer({{.issue = {0}, .address = page_a}});
    bench.requester(1).offer({{.issue = {5}, .address = page_b}});
    bench.requester(2).offer({{.issue = {10}, .address = page_c}});
    bench.requester(3).offer({{.issue = {11}, .address = page_d}});
    std::vector<std::uint64_t> walks;
    for (const std::uint64_t cycle : {66U, 67U, 71U, 72U}) {
        simulation.observe(Cycles{cycle},
                           [&] { walks.push_back(bench.walker.statistics().walks); });
    }
    simulation.run();

    CHECK(walks == std::vector<std::uint64_t>{2, 3, 3, 4});
    CHECK(bench.answer(0).done == Cycles{67});
    CHECK(bench.answer(1).done == Cycles{72});
    CHECK(bench.answer(2).done == Cycles{67 + reads});
    CHECK(bench.answer(2).latency.stages == only({{Stage::first_tlb_lookup, lookup},
                                                  {Stage::tlb_wait, 67 - 17},
                                                  {Stage::pte_read, reads}}));
    CHECK(bench.answer(3).done == Cycles{72 + reads});
    CHECK(bench.tlb.statistics().lookups == 4);
    bench.check_conservation();
}

TEST_CASE("a miss that waits for a register joins a miss that got one before it") {
    Simulation simulation;
    Bench bench(one_register, 4, simulation);
    bench.requester(0).offer({{.issue = {0}, .address = page_a}});
    bench.requester(1).offer({{.issue = {1}, .address = page_b}});
    bench.requester(2).offer({{.issue = {2}, .address = page_b + 8}});
    simulation.run();

    CHECK(bench.answer(1).done == Cycles{67 + reads});
    CHECK(bench.answer(2).done == Cycles{67 + reads});
    CHECK(bench.walker.statistics().walks == 2);
    CHECK(bench.tlb.statistics().mshr_merges == 1);
    CHECK(bench.answer(2).latency.total() == bench.answer(2).duration());
    bench.check_conservation();
}

TEST_CASE("as many lookups begin in a cycle as there are ports: the others wait, in order") {
    Simulation simulation;
    Bench bench({.hit_latency_cycles = {3}, .mshrs = 4, .ports = 2}, 4, simulation);
    bench.requester(0).offer(
        {{.issue = {0}, .address = page_a}, {.issue = {200}, .address = page_a}});
    bench.requester(1).offer({{.issue = {200}, .address = page_a + 8}});
    bench.requester(2).offer({{.issue = {200}, .address = page_a + 16}});
    // The first asks again only when it has its answer: in cycle 200 it comes last.
    bench.requester(3).offer(
        {{.issue = {200}, .address = page_a + 24}, {.issue = {204}, .address = page_a + 32}});
    std::vector<std::uint64_t> lookups;
    for (const std::uint64_t cycle : {199U, 200U, 201U}) {
        simulation.observe(Cycles{cycle},
                           [&] { lookups.push_back(bench.tlb.statistics().lookups); });
    }
    simulation.run();

    CHECK(lookups == std::vector<std::uint64_t>{1, 3, 5});
    CHECK(bench.answer(1).done == Cycles{203});
    CHECK(bench.answer(2).done == Cycles{203});
    CHECK(bench.answer(0, 1).done == Cycles{204});
    CHECK(bench.answer(0, 1).latency.stages ==
          only({{Stage::tlb_wait, 1}, {Stage::first_tlb_lookup, 3}}));
    CHECK(bench.answer(3).done == Cycles{204});
    CHECK(bench.answer(3, 1).done == Cycles{207});
    bench.check_conservation();
}

TEST_CASE("who has joined a miss is judged by the page that it brings") {
    constexpr PageFlags read_only{0x53};
    Simulation simulation;
    Bench bench(one_register, 4, simulation);
    bench.tables.map(page_a, frame_a, 0, read_only);
    bench.requester(0).offer({{.issue = {0}, .address = page_a}});
    bench.requester(1).offer({{.issue = {1}, .type = AccessType::write, .address = page_a}});
    bench.requester(2).offer({{.issue = {2}, .type = AccessType::read, .address = page_a}});
    simulation.run();

    CHECK(bench.answer(1).fault == FaultCause::page_fault);
    CHECK_FALSE(bench.answer(1).page);
    CHECK(bench.answer(1).done == Cycles{67});
    CHECK(bench.answer(2).page.has_value());
    bench.check_conservation();
}

TEST_CASE("a store that has joined the miss of a read has D set by a walk of its own") {
    constexpr PageFlags clean{0x5f};
    Simulation simulation;
    Bench bench(one_register, 4, simulation);
    const PhysicalAddress leaf = bench.tables.map(page_a, frame_a, 0, clean);
    bench.requester(0).offer({{.issue = {0}, .address = page_a}});
    bench.requester(1).offer({{.issue = {1}, .type = AccessType::write, .address = page_a}});
    simulation.run();

    CHECK(bench.answer(0).done == Cycles{67});
    CHECK(bench.answer(1).page->flags.dirty());
    CHECK(bench.answer(1).done == Cycles{67 + reads + 20});
    CHECK(bench.answer(1).latency.total() == bench.answer(1).duration());
    CHECK(bench.tables.entry_at(leaf).flags().dirty());
    CHECK(bench.tlb.array().entries().at(0).page.flags.dirty());
    CHECK(bench.walker.statistics().rewalks == 1);
    bench.check_conservation();
}

TEST_CASE("who has joined a miss that faults asks again for itself") {
    // The store may not be made, the reads may. They wait for one walk of their own.
    constexpr PageFlags read_only{0x53};
    Simulation simulation;
    Bench bench(one_register, 4, simulation);
    bench.tables.map(page_a, frame_a, 0, read_only);
    bench.requester(0).offer({{.issue = {0}, .type = AccessType::write, .address = page_a}});
    bench.requester(1).offer({{.issue = {1}, .address = page_a}});
    bench.requester(2).offer({{.issue = {2}, .address = page_a}});
    simulation.run();

    CHECK(bench.answer(0).fault == FaultCause::page_fault);
    CHECK(bench.answer(1).page->physical_page == frame_a);
    CHECK(bench.answer(1).done == Cycles{67 + reads});
    CHECK(bench.answer(2).done == Cycles{67 + reads});
    CHECK(bench.answer(1).latency.total() == bench.answer(1).duration());
    CHECK(bench.answer(2).latency.total() == bench.answer(2).duration());
    CHECK(bench.tlb.statistics().lookups == 3);
    CHECK(bench.tlb.statistics().mshr_merges == 2);
    CHECK(bench.walker.statistics().walks == 2);
    CHECK(bench.walker.statistics().rewalks == 1);
    bench.check_conservation();
}

TEST_CASE("two misses inside one large page fill it once") {
    Simulation simulation;
    Bench bench(two_registers, 4, simulation);
    constexpr VirtualAddress large{0x4000'0000};
    bench.tables.map(large, {0x8'4000}, 1);
    bench.requester(0).offer({{.issue = {0}, .address = large}});
    bench.requester(1).offer({{.issue = {3}, .address = large + 0x1'5000}});
    simulation.run();

    CHECK(bench.answer(1).page->physical_address(large + 0x1'5000) == PhysicalAddress{0x8401'5000});
    CHECK(bench.tlb.statistics().fills == 1);
    CHECK(bench.tlb.array().entries().size() == 1);
    CHECK(bench.walker.statistics().walks == 2);
    bench.check_conservation();
}

TEST_CASE("misses of one page in two address spaces do not join") {
    Simulation simulation;
    Bench bench(two_registers, 4, simulation);
    bench.requester(0).offer({{.issue = {0}, .address = page_a, .asid = {1}}});
    bench.requester(1).offer({{.issue = {3}, .address = page_a, .asid = {2}}});
    simulation.run();

    CHECK(bench.tlb.statistics().mshr_merges == 0);
    CHECK(bench.walker.statistics().walks == 2);
    CHECK(bench.tlb.array().entries().size() == 2);
}

}  // namespace
}  // namespace mmusim::hw::tlb_misses_module_test
