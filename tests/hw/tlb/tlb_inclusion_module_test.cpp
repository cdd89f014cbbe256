// SPDX-License-Identifier: Apache-2.0
// What two levels owe each other: independent, inclusive, exclusive and victim TLBs.
#include "tests/support/mmu_bench.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace mmusim::hw::tlb_inclusion_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::MmuBench;
using tests::Simulation;

// Pages 0, 1, 2 … one after the other through a first TLB of two entries and a second of four or,
// where the second is to evict, of three.
class Machine {
  public:
    Machine(Inclusion inclusion, std::uint32_t first_ways, std::uint32_t second_ways)
        : memory_("memory", Cycles{20}, simulation_.clock()),
          mmu_({.l1 = {.sets = 1, .ways = first_ways},
                .l2 = {.sets = 1,
                       .ways = second_ways,
                       .hit_latency_cycles = {7},
                       .inclusion = inclusion}},
               simulation_, memory_) {
        for (std::uint64_t page = 0; page < 8; ++page) {
            mmu_.tables.map(address_of(page), {0x8'1000 + page});
        }
    }

    void touch(const std::vector<std::uint64_t>& pages) {
        std::uint64_t cycle = 0;
        for (const std::uint64_t page : pages) {
            mmu_.requester.offer({{.issue = {cycle}, .address = address_of(page)}});
            cycle += 200;
        }
        simulation_.run();
    }

    [[nodiscard]] static std::vector<std::uint64_t> pages_in(const TlbModule& tlb) {
        std::vector<std::uint64_t> pages;
        for (const TlbArray::Entry& entry : tlb.array().entries()) {
            pages.push_back(entry.virtual_page.value);
        }
        std::sort(pages.begin(), pages.end());
        return pages;
    }

    [[nodiscard]] const TlbModule& first() const { return mmu_.l1; }
    [[nodiscard]] const TlbModule& second() const { return mmu_.l2; }
    [[nodiscard]] std::uint64_t walks() const { return mmu_.walker.statistics().walks; }

    void check_conservation() const {
        for (const TlbModule* const tlb : {&first(), &second()}) {
            const TlbStatistics counted = tlb->statistics();
            CHECK(counted.fills - counted.evictions - counted.invalidations -
                      counted.back_invalidations - counted.promotions ==
                  tlb->array().entries().size());
        }
    }

  private:
    static VirtualAddress address_of(std::uint64_t page) { return {page << page_offset_bits}; }

    Simulation simulation_;
    FixedLatencyMemory memory_;
    MmuBench<FixedLatencyMemory> mmu_;
};

using Pages = std::vector<std::uint64_t>;

TEST_CASE("independent: an eviction below leaves the TLB above alone") {
    Machine machine(Inclusion::independent, 2, 2);
    // 0 stays in the first by its hits, and is the oldest of the second.
    machine.touch({0, 1, 0, 2});

    CHECK(Machine::pages_in(machine.first()) == Pages{0, 2});
    CHECK(Machine::pages_in(machine.second()) == Pages{1, 2});
    machine.check_conservation();
}

TEST_CASE("inclusive: what the TLB below evicts leaves the one above too") {
    Machine machine(Inclusion::inclusive, 2, 2);
    machine.touch({0, 1, 0, 2});

    CHECK(Machine::pages_in(machine.first()) == Pages{1, 2});
    CHECK(Machine::pages_in(machine.second()) == Pages{1, 2});
    CHECK(machine.first().statistics().back_invalidations == 1);
    machine.check_conservation();
}

TEST_CASE("exclusive: a page is in one of the two, and a hit moves it up") {
    Machine machine(Inclusion::exclusive, 2, 2);
    machine.touch({0, 1, 2, 3});
    CHECK(Machine::pages_in(machine.first()) == Pages{2, 3});
    CHECK(Machine::pages_in(machine.second()) == Pages{0, 1});
    CHECK(machine.walks() == 4);
    machine.check_conservation();
}

TEST_CASE("exclusive: the hit and the page that gives way change places") {
    Machine machine(Inclusion::exclusive, 2, 2);
    machine.touch({0, 1, 2, 3, 0});
    CHECK(Machine::pages_in(machine.first()) == Pages{0, 3});
    CHECK(Machine::pages_in(machine.second()) == Pages{1, 2});
    CHECK(machine.second().statistics().promotions == 1);
    CHECK(machine.walks() == 4);
    machine.check_conservation();
}

TEST_CASE("victim: filled by evictions only, and a hit leaves the page there too") {
    Machine machine(Inclusion::victim, 2, 2);
    machine.touch({0, 1, 2, 3, 0});
    CHECK(Machine::pages_in(machine.first()) == Pages{0, 3});
    CHECK(Machine::pages_in(machine.second()) == Pages{0, 2});
    CHECK(machine.second().statistics().promotions == 0);
    CHECK(machine.walks() == 4);
    machine.check_conservation();
}

}  // namespace
}  // namespace mmusim::hw::tlb_inclusion_module_test
