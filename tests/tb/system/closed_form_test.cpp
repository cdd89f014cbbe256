// SPDX-License-Identifier: Apache-2.0
// The preset plain, every cycle worked out by hand:
//
//     L1 hit   1
//     L2 hit   1 + 7
//     walk     1 + 7 + 20 for each page-table entry read
//
// and, where cpu.data_path is memory, 20 more for the access itself. A crossing access is two.
//
// A fault pays its walk up to the invalid entry and then the whole of the retry; the operating
// system works in no time.
#include "tests/support/latency_stages.hpp"
#include "tests/support/printing.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <ostream>
#include <stdexcept>
#include <string>

namespace mmusim::tests::closed_form_test {

namespace {

using namespace literals;
using tb::RunResult;

// 2 MiB aligned, so its leaf table reaches 2 MiB further, and the table above 1 GiB.
constexpr std::uint64_t page_a = 0x4000'0000;
constexpr std::uint64_t neighbour = page_a + 4_KiB;
constexpr std::uint64_t next_leaf_table = page_a + 2_MiB;
constexpr std::uint64_t next_middle_table = page_a + 1_GiB;

// A first touch whose walk finds `entries` entries, the last invalid.
constexpr std::uint64_t first_touch(std::uint64_t entries) {
    return (8 + 20 * entries) + (8 + 60);
}

struct ClassFigures {
    std::uint64_t count = 0;
    std::uint64_t cycles = 0;

    bool operator==(const ClassFigures&) const = default;

    friend std::ostream& operator<<(std::ostream& stream, const ClassFigures& figures) {
        return stream << figures.count << " with " << figures.cycles << " cycles";
    }
};

// The classes that some translation is in.
std::map<std::string, ClassFigures> classes_of(const RunResult& result) {
    std::map<std::string, ClassFigures> figures;
    for (const auto& [name, latency] : result.classes) {
        if (latency.count() > 0) {
            figures[name] = {.count = latency.count(), .cycles = latency.total().value};
        }
    }
    return figures;
}

using Classes = std::map<std::string, ClassFigures>;

const hw::TlbStatistics& tlb(const RunResult& result, const std::string& name) {
    for (const auto& [tlb_name, statistics] : result.tlbs) {
        if (tlb_name == name) {
            return statistics;
        }
    }
    throw std::logic_error("no TLB " + name);
}

}  // namespace

TEST_CASE("plain: the first touch of an empty space reads one entry, and its retry three") {
    const RunResult result = run(plain_machine(), {read_of(page_a, 8)});

    CHECK(first_touch(1) == 96);
    CHECK(result.totals.cycles == Cycles{96});
    CHECK(result.totals.accesses == 1);
    CHECK(result.totals.translations == 1);
    CHECK(result.totals.retries == 1);
    CHECK(classes_of(result) == Classes{{"minor_fault", {1, 96}}});
    CHECK(result.breakdown.stages == only({{Stage::first_tlb_lookup, 1 + 1},
                                           {Stage::lower_tlb_lookup, 7 + 7},
                                           {Stage::pte_read, 20 + 60}}));
    CHECK(result.walker.walks == 2);
    CHECK(result.walker.faulted == 1);
    CHECK(result.walker.completed == 1);
    CHECK(result.walker.pte_reads == 4);
    CHECK(result.walker.pte_reads_by_level[0] == 1);
    CHECK(result.walker.pte_reads_by_level[1] == 1);
    CHECK(result.walker.pte_reads_by_level[2] == 2);
    CHECK(result.walker.service_cycles == Cycles{80});
    CHECK(result.walker.wait_cycles == Cycles{0});
    CHECK(result.faults.minor == 1);
    CHECK(result.faults.by_kind[sw::FaultKind::anonymous_zero] == 1);
    CHECK(tlb(result, "l1d").lookups == 2);
    CHECK(tlb(result, "l1d").misses == 2);
    CHECK(tlb(result, "l1d").retry_misses == 1);
    CHECK(tlb(result, "l1d").fills == 1);
    CHECK(tlb(result, "l2").lookups == 2);
    CHECK(tlb(result, "l2").fills == 1);
    CHECK(tlb(result, "l1i").lookups == 0);
    CHECK(result.processes.at(0).rss_pages == 1);
    CHECK(result.processes.at(0).page_table_pages == 3);
}

TEST_CASE("plain: a first touch reads as many entries as it finds tables") {
    const RunResult result = run(plain_machine(), {
                                                      read_of(page_a, 8),
                                                      write_of(neighbour, 8),
                                                      read_of(next_leaf_table, 8),
                                                      read_of(next_middle_table, 8),
                                                  });
    const std::uint64_t cycles = first_touch(1) + first_touch(3) + first_touch(2) + first_touch(1);
    CHECK(cycles == 96 + 136 + 116 + 96);
    CHECK(result.totals.cycles == Cycles{cycles});
    CHECK(classes_of(result) == Classes{{"minor_fault", {4, cycles}}});
    CHECK(result.walker.pte_reads == 1 + 3 + 2 + 1 + 4 * 3);
    // The root, two middle tables, three leaf tables.
    CHECK(result.processes.at(0).page_table_pages == 6);
}

TEST_CASE("plain: a page that was touched is a hit of one cycle, also for a store") {
    const RunResult result = run(
        plain_machine(), {read_of(page_a, 8), read_of(page_a + 8, 8), write_of(page_a + 4088, 8)});
    CHECK(result.totals.cycles == Cycles{96 + 1 + 1});
    CHECK(classes_of(result) == Classes{{"minor_fault", {1, 96}}, {"l1_hit", {2, 2}}});
    CHECK(tlb(result, "l1d").hits == 2);
    CHECK(tlb(result, "l1d").dirty_updates == 0);
    CHECK(result.walker.ad_updates == 0);
}

TEST_CASE("plain: fetches and data meet in the second level") {
    const RunResult result =
        run(plain_machine(), {write_of(page_a, 8), fetch_of(page_a, 4), fetch_of(page_a + 4, 4),
                              fetch_of(neighbour, 4), read_of(neighbour, 1)});
    CHECK(result.totals.cycles == Cycles{96 + 8 + 1 + 136 + 8});
    CHECK(classes_of(result) ==
          Classes{{"minor_fault", {2, 96 + 136}}, {"l2_hit", {2, 16}}, {"l1_hit", {1, 1}}});
    CHECK(tlb(result, "l1i").lookups == 4);
    CHECK(tlb(result, "l1i").hits == 1);
    CHECK(tlb(result, "l1i").fills == 2);
    CHECK(tlb(result, "l1d").lookups == 3);
    CHECK(tlb(result, "l1d").fills == 2);
    CHECK(tlb(result, "l2").hits == 2);
    CHECK(tlb(result, "l2").fills == 2);
}

TEST_CASE("plain: what the first level forgot, the second knows") {
    // Five pages of one of the 16 sets with 4 ways; the first is the least recently used.
    std::vector<Access> accesses;
    for (std::uint64_t number = 0; number < 5; ++number) {
        accesses.push_back(read_of(page_a + number * 16 * 4_KiB, 8));
    }
    accesses.push_back(read_of(page_a, 8));
    accesses.push_back(read_of(page_a, 8));
    const RunResult result = run(plain_machine(), accesses);

    const std::uint64_t faults = 96 + 4 * 136;
    CHECK(result.totals.cycles == Cycles{faults + 8 + 1});
    CHECK(classes_of(result) ==
          Classes{{"minor_fault", {5, faults}}, {"l2_hit", {1, 8}}, {"l1_hit", {1, 1}}});
    CHECK(tlb(result, "l1d").evictions == 2);
    CHECK(tlb(result, "l2").evictions == 0);
}

TEST_CASE("plain: what both levels forgot is walked for") {
    // Thirteen pages of one of the 128 sets with 12 ways, four in each leaf table.
    std::vector<Access> accesses;
    for (std::uint64_t number = 0; number < 13; ++number) {
        accesses.push_back(read_of(page_a + number * 128 * 4_KiB, 8));
    }
    accesses.push_back(read_of(page_a, 8));
    const RunResult result = run(plain_machine(), accesses);

    const std::uint64_t faults = 96 + 3 * 116 + 9 * 136;
    CHECK(result.totals.cycles == Cycles{faults + 68});
    CHECK(classes_of(result) == Classes{{"minor_fault", {13, faults}}, {"walk", {1, 68}}});
    CHECK(tlb(result, "l2").evictions == 2);
    CHECK(result.walker.walks == 13 + 13 + 1);
}

TEST_CASE("plain: an access that crosses a page makes two translations, one after the other") {
    const RunResult result =
        run(plain_machine(), {read_of(neighbour - 4, 8), write_of(neighbour - 1, 2),
                              read_of(next_leaf_table - 2, 4), read_of(neighbour - 8, 8)});
    // Both halves fault; both hit; both fault, in two leaf tables; it touches the page's last byte.
    const std::uint64_t faults = (96 + 136) + (136 + 116);
    CHECK(result.totals.accesses == 4);
    CHECK(result.totals.translations == 7);
    CHECK(result.totals.retries == 4);
    CHECK(result.totals.cycles == Cycles{faults + 2 + 1});
    CHECK(classes_of(result) == Classes{{"minor_fault", {4, faults}}, {"l1_hit", {3, 3}}});
    CHECK(result.processes.at(0).accesses == 4);
}

TEST_CASE("plain: hits that take no time are still one cycle apart") {
    const RunResult result =
        run(plain_machine({"tlbs.l1d.hit_latency_cycles=0"}),
            {read_of(page_a, 8), read_of(page_a, 8), read_of(page_a, 8), read_of(page_a, 8)});
    // Issued at 0, 94, 95 and 96; the last is done when it is issued.
    CHECK(result.totals.cycles == Cycles{94 + 1 + 1});
    CHECK(result.breakdown.total() == Cycles{(7 + 20) + (7 + 60)});
    CHECK(classes_of(result) == Classes{{"minor_fault", {1, 94}}, {"l1_hit", {3, 0}}});
}

TEST_CASE("plain with other latencies: each counts where it belongs") {
    const RunResult result =
        run(plain_machine({"tlbs.l1d.hit_latency_cycles=2", "tlbs.l1i.hit_latency_cycles=3",
                           "tlbs.l2.hit_latency_cycles=11", "memory.latency_cycles=101"}),
            {read_of(page_a, 8), fetch_of(page_a, 4), fetch_of(page_a, 4), read_of(page_a, 8)});
    const std::uint64_t fault = (2 + 11 + 101) + (2 + 11 + 3 * 101);
    CHECK(result.totals.cycles == Cycles{fault + (3 + 11) + 3 + 2});
    CHECK(result.breakdown.stages == only({{Stage::first_tlb_lookup, 2 + 2 + 3 + 3 + 2},
                                           {Stage::lower_tlb_lookup, 11 + 11 + 11},
                                           {Stage::pte_read, 4 * 101}}));
}

TEST_CASE("plain with a walker that costs: start and finish per walk, a step per entry") {
    const RunResult result = run(
        plain_machine({"walker.start_cycles=3", "walker.step_cycles=2", "walker.finish_cycles=5"}),
        {read_of(page_a, 8), read_of(neighbour, 8)});
    const std::uint64_t first = (8 + 3 + 1 * 22 + 5) + (8 + 3 + 3 * 22 + 5);
    const std::uint64_t second = (8 + 3 + 3 * 22 + 5) * 2UL;
    CHECK(result.totals.cycles == Cycles{first + second});
    CHECK(result.breakdown.stages == only({{Stage::first_tlb_lookup, 4},
                                           {Stage::lower_tlb_lookup, 28},
                                           {Stage::walk_overhead, 4 * (3 + 5) + 10 * 2},
                                           {Stage::pte_read, 10 * 20}}));
}

TEST_CASE("plain with one level: a miss goes to the walker at once") {
    const RunResult result =
        run(plain_machine({"tlbs.l1d.next=walker", "tlbs.l1i.next=walker", "tlbs.l2=null"}),
            {read_of(page_a, 8), fetch_of(page_a, 4), read_of(page_a, 8)});
    CHECK(result.totals.cycles == Cycles{(1 + 20) + (1 + 60) + (1 + 60) + 1});
    CHECK(classes_of(result) ==
          Classes{{"minor_fault", {1, 82}}, {"walk", {1, 61}}, {"l1_hit", {1, 1}}});
}

TEST_CASE("plain with three levels: the lookups add up down the chain") {
    const RunResult result =
        run(plain_machine({R"(tlbs.l3={"sets": 64, "hit_latency_cycles": 30})", "tlbs.l2.next=l3",
                           "tlbs.l2.sets=1", "tlbs.l2.ways=1"}),
            {read_of(page_a, 8), read_of(neighbour, 8), fetch_of(page_a, 4)});
    const std::uint64_t faults = (38 + 20) + (38 + 60) + (38 + 60) * 2;
    CHECK(result.totals.cycles == Cycles{faults + 38});
    CHECK(classes_of(result) == Classes{{"minor_fault", {2, faults}}, {"l3_hit", {1, 38}}});
    CHECK(tlb(result, "l3").hits == 1);
    CHECK(tlb(result, "l2").fills == 3);
}

TEST_CASE("plain in Sv48: one level more to read") {
    const RunResult result =
        run(plain_machine({"paging.mode=sv48"}), {read_of(page_a, 8), read_of(neighbour, 8)});
    CHECK(result.totals.cycles == Cycles{(8 + 20) + (8 + 80) + (8 + 80) * 2});
    CHECK(result.walker.pte_reads_by_level[3] == 4);
}

TEST_CASE("plain with a data path: 20 cycles more for each translation and none for a fault") {
    const RunResult result = run(plain_machine({"cpu.data_path=memory"}),
                                 {read_of(page_a, 8), write_of(page_a + 8, 8), fetch_of(page_a, 4),
                                  read_of(neighbour - 4, 8), fetch_of(page_a + 4, 4)});
    // A fault; a hit; a hit in the second level; a crossing access of a hit and a fault; a hit.
    const std::uint64_t faults = (96 + 20) + (136 + 20);
    CHECK(result.totals.cycles == Cycles{faults + (1 + 20) + (8 + 20) + (1 + 20) + (1 + 20)});
    CHECK(classes_of(result) ==
          Classes{{"minor_fault", {2, faults}}, {"l2_hit", {1, 28}}, {"l1_hit", {3, 63}}});
    CHECK(result.breakdown.stages == only({{Stage::first_tlb_lookup, 8},
                                           {Stage::lower_tlb_lookup, 7 * 5},
                                           {Stage::pte_read, 20 * (1 + 3 + 3 + 3)},
                                           {Stage::data_access, 6 * 20}}));
    CHECK(result.breakdown.total() == result.totals.cycles);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::data_read] == 3);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::data_write] == 1);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::fetch] == 2);
}

TEST_CASE("plain with a data path through a cache: a line is fetched once and then hit") {
    const RunResult result =
        run(plain_machine({"cpu.data_path=memory", R"(caches.d={"hit_latency_cycles": 3})",
                           "cpu.data_port=d"}),
            {read_of(page_a, 8), read_of(page_a + 8, 8), write_of(page_a + 60, 8),
             fetch_of(page_a, 4)});
    // The fetch goes to memory. The write touches a line that is there and one that is not, which
    // is looked up a cycle later.
    const std::uint64_t accesses = (3 + 20) + 3 + (3 + 1 + 20) + 20;
    CHECK(result.totals.cycles == Cycles{96 + 1 + 1 + 8 + accesses});
    CHECK(result.breakdown.stages[Stage::data_access] == Cycles{accesses});
    CHECK(result.breakdown.stages[Stage::data_access_wait] == Cycles{0});
    CHECK(result.caches.at(0).second.fills == 2);
    CHECK(result.caches.at(0).second.hits == 2);
}

TEST_CASE("plain: a second program has a space of its own, and faults on the same pages") {
    const RunResult result = run(
        plain_machine(), std::vector<TestProgram>{
                             {.name = "one", .accesses = {read_of(page_a, 8), read_of(page_a, 8)}},
                             {.name = "two", .accesses = {read_of(page_a, 8), read_of(page_a, 8)}},
                         });
    CHECK(result.totals.cycles == Cycles{(96 + 1) * 2UL});
    CHECK(classes_of(result) == Classes{{"minor_fault", {2, 192}}, {"l1_hit", {2, 2}}});
    CHECK(result.os.context_switches == 1);
    CHECK(result.processes.at(0).asid != result.processes.at(1).asid);
}

}  // namespace mmusim::tests::closed_form_test
