// SPDX-License-Identifier: Apache-2.0
// The operating system in the machine: what its phases cost, and who goes on after a signal. Built
// on the preset plain, so every cycle can be worked out by hand.
#include "tests/support/latency_stages.hpp"
#include "tests/support/printing.hpp"
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace mmusim::tests::fault_handling_test {

namespace {

using namespace literals;
using sw::FaultKind;
using sw::Signal;

constexpr std::uint64_t page_a = 0x4000'0000;
constexpr std::uint64_t neighbour = page_a + 4_KiB;

using Settings = std::vector<std::string>;

// Every phase has a cost of its own, so that none can pass for another.
Settings costs(Settings more = {}) {
    Settings settings{"os.fault_entry_cycles=1000",    "os.region_lookup_cycles=200",
                      "os.frame_allocation_cycles=30", "os.frame_clear_cycles=7",
                      "os.page_table_cycles=4",        "os.fence_cycles=50000",
                      "os.fault_return_cycles=3000"};
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

const hw::TlbStatistics& tlb(const tb::RunResult& result, const std::string& name) {
    const auto found = std::find_if(result.tlbs.begin(), result.tlbs.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    return found->second;
}

sw::Region region(std::uint64_t start, std::uint64_t pages, sw::Rights rights) {
    return {.start = {start}, .end = {start + pages * page_bytes}, .rights = rights};
}

constexpr sw::Rights read_only{.read = true};
constexpr sw::Rights read_write{.read = true, .write = true};
constexpr sw::Rights execute_only{.execute = true};

// The fault of page_a in an empty space makes two tables and the page: three frames.
const LatencyStages walks_of_first_touch = only({{Stage::first_tlb_lookup, 1 + 1},
                                                 {Stage::lower_tlb_lookup, 7 + 7},
                                                 {Stage::pte_read, 20 + 60}});

LatencyStages sum(LatencyStages left, const LatencyStages& right) {
    for (std::size_t stage = 0; stage < left.values.size(); ++stage) {
        left.values[stage] += right.values[stage];
    }
    return left;
}

}  // namespace

TEST_CASE("a fault's phases appear under their stages, its memory accesses posted") {
    const tb::RunResult result =
        run(plain_machine(costs({"os.memory_accesses=posted"})), {read_of(page_a, 8)});
    const LatencyStages handler = only({{Stage::fault_entry, 1000},
                                        {Stage::fault_lookup, 200},
                                        {Stage::fault_allocate, 3 * 30},
                                        {Stage::fault_clear, 3 * 7},
                                        {Stage::fault_page_table, 4},
                                        {Stage::fault_return, 3000}});
    CHECK(result.breakdown.stages == sum(handler, walks_of_first_touch));
    CHECK(result.totals.cycles == Cycles{96 + 1000 + 200 + 90 + 21 + 4 + 3000});
}

TEST_CASE("a fault's phases appear under their stages, its memory accesses waited for") {
    const tb::RunResult result =
        run(plain_machine(costs({"os.memory_accesses=blocking"})), {write_of(page_a, 8)});
    // A slot is read at each of three levels, and one entry written in each.
    const LatencyStages handler = only({{Stage::fault_entry, 1000},
                                        {Stage::fault_lookup, 200},
                                        {Stage::fault_allocate, 3 * 30},
                                        {Stage::fault_clear, 3 * (7 + 20)},
                                        {Stage::fault_page_table, 4 + (3 + 3) * 20},
                                        {Stage::fault_return, 3000}});
    CHECK(result.breakdown.stages == sum(handler, walks_of_first_touch));
    CHECK(result.totals.cycles == Cycles{96 + 1000 + 200 + 90 + 81 + 124 + 3000});
}

TEST_CASE("a fault whose tables are there makes one frame") {
    const tb::RunResult result = run(plain_machine(costs({"os.memory_accesses=blocking"})),
                                     {write_of(page_a, 8), write_of(neighbour, 8)});
    const LatencyStages both = only({{Stage::first_tlb_lookup, 4},
                                     {Stage::lower_tlb_lookup, 28},
                                     {Stage::pte_read, 20 + 60 + 60 + 60},
                                     {Stage::fault_entry, 2000},
                                     {Stage::fault_lookup, 400},
                                     {Stage::fault_allocate, (3 + 1) * 30},
                                     {Stage::fault_clear, (3 + 1) * (7 + 20)},
                                     {Stage::fault_page_table, (4 + 6 * 20) + (4 + 4 * 20)},
                                     {Stage::fault_return, 6000}});
    CHECK(result.breakdown.stages == both);
}

TEST_CASE("a read of untouched memory maps the zero page, the first write takes a frame") {
    const tb::RunResult result =
        run(plain_machine(costs({"os.zero_page=true"})),
            {read_of(page_a, 8), read_of(neighbour, 8), write_of(page_a, 8), write_of(page_a, 8)});
    // The write hits in the first level, which denies it; its old translation is fenced from both
    // levels, and the retry walks.
    const std::uint64_t reads =
        (96 + 1000 + 200 + 60 + 14 + 4 + 3000) + (136 + 1000 + 200 + 4 + 3000);
    const std::uint64_t write = 1 + (1000 + 200 + 30 + 7 + 4 + 50'000 + 3000) + 68;
    CHECK(result.totals.cycles == Cycles{reads + write + 1});
    CHECK(result.breakdown.stages[Stage::fault_fence] == Cycles{50'000});
    CHECK(result.faults.minor == 3);
    CHECK(result.faults.by_kind[FaultKind::zero_page] == 2);
    CHECK(result.faults.by_kind[FaultKind::anonymous_zero] == 1);
    CHECK(result.os.tlb_invalidations == 1);
    CHECK(tlb(result, "l1d").invalidations == 1);
    CHECK(tlb(result, "l2").invalidations == 1);
    CHECK(tlb(result, "l1d").hits == 2);
    CHECK(result.processes.at(0).rss_pages == 1);
    CHECK(result.os.frames.anonymous == 1);
}

TEST_CASE("who touches unmapped memory gets its signal and leaves nothing, the others go on") {
    const sw::Region heap = region(page_a, 4, read_write);
    const tb::Configuration configuration = plain_machine({"os.implicit_mapping=false"});
    const tb::RunResult result = run(
        configuration,
        std::vector<TestProgram>{
            {.name = "strays",
             .accesses = {write_of(page_a, 8), read_of(page_a + 16_KiB, 8), write_of(neighbour, 8)},
             .regions = {heap}},
            {.name = "stays",
             .accesses = {write_of(page_a, 8), write_of(neighbour, 8)},
             .regions = {heap}},
        });
    const sw::ProcessStatistics& strays = result.processes.at(0);
    const sw::ProcessStatistics& stays = result.processes.at(1);
    CHECK(strays.signal == Signal::segv_maperr);
    CHECK(strays.accesses == 2);
    CHECK(strays.minor == 1);
    CHECK(strays.invalid == 1);
    CHECK(strays.rss_pages == 0);
    CHECK(strays.page_table_pages == 0);
    CHECK(stays.signal == std::nullopt);
    CHECK(stays.accesses == 2);
    CHECK(stays.minor == 2);
    CHECK(stays.rss_pages == 2);
    CHECK(result.os.frames.anonymous == 2);
    CHECK(result.os.frames.page_table == 3);
    CHECK(result.faults.by_kind[FaultKind::unmapped] == 1);
    CHECK(result.totals.accesses == 4);
    CHECK(result.totals.retries == 3);
    // The stray access found two tables and an empty slot, and was not made again.
    CHECK(result.totals.cycles == Cycles{96 + 68 + 96 + 136});
    CHECK(broken_laws(configuration, result) == none_broken);
}

TEST_CASE("who may not write, read or execute gets SIGSEGV ACCERR") {
    const std::vector<sw::Region> regions{region(page_a, 1, read_only),
                                          region(neighbour, 1, execute_only),
                                          region(neighbour + 4_KiB, 1, read_write)};
    const auto program = [&](const Access& access) {
        return TestProgram{.accesses = {access}, .regions = regions};
    };
    const tb::RunResult result =
        run(plain_machine({"os.implicit_mapping=false"}),
            std::vector<TestProgram>{program(write_of(page_a, 8)), program(read_of(neighbour, 8)),
                                     program(fetch_of(neighbour + 4_KiB, 4)),
                                     program(read_of(page_a, 8)), program(fetch_of(neighbour, 4)),
                                     program(write_of(neighbour + 4_KiB, 8))});
    const std::vector<std::optional<Signal>> expected{Signal::segv_accerr, Signal::segv_accerr,
                                                      Signal::segv_accerr, std::nullopt,
                                                      std::nullopt,        std::nullopt};
    for (std::size_t number = 0; number < expected.size(); ++number) {
        INFO("program " << number);
        CHECK(result.processes.at(number).signal == expected.at(number));
    }
    CHECK(result.faults.by_kind[FaultKind::protection] == 3);
    CHECK(result.faults.minor == 3);
}

TEST_CASE("when the first half of a crossing access ends in a signal, the second is not made") {
    const std::vector<sw::Region> regions{region(page_a, 1, read_write)};
    const tb::RunResult result =
        run(plain_machine({"os.implicit_mapping=false"}),
            std::vector<TestProgram>{
                {.name = "strays",
                 .accesses = {read_of(page_a - 4, 8), read_of(page_a, 8)},
                 .regions = regions},
                {.name = "stays", .accesses = {read_of(page_a, 8)}, .regions = regions},
            });
    // Nor by the process whose turn is next.
    CHECK(result.totals.accesses == 2);
    CHECK(result.totals.translations == 2);
    CHECK(result.processes.at(0).signal == Signal::segv_maperr);
    CHECK(result.processes.at(0).minor == 0);
    CHECK(result.processes.at(0).invalid == 1);
    CHECK(result.processes.at(1).signal == std::nullopt);
    CHECK(result.processes.at(1).minor == 1);
}

TEST_CASE("when no frame is left the process that wants one is killed, and its frames are free") {
    const auto toucher = [](std::uint64_t pages) {
        std::vector<Access> accesses;
        for (std::uint64_t page = 0; page < pages; ++page) {
            accesses.push_back(write_of(page_a + page * page_bytes, 8));
        }
        return TestProgram{.accesses = accesses};
    };
    const tb::Configuration configuration = plain_machine({"os.user_frames=10"});
    // Each runs to its end before the next begins; what has merely ended keeps its memory.
    const tb::RunResult result =
        run(configuration, std::vector<TestProgram>{toucher(2), toucher(50), toucher(8)});
    CHECK(result.processes.at(0).signal == std::nullopt);
    CHECK(result.processes.at(0).rss_pages == 2);
    CHECK(result.processes.at(1).signal == Signal::kill);
    CHECK(result.processes.at(1).minor == 8);
    CHECK(result.processes.at(1).accesses == 9);
    CHECK(result.processes.at(1).rss_pages == 0);
    CHECK(result.processes.at(2).signal == std::nullopt);
    CHECK(result.processes.at(2).rss_pages == 8);
    CHECK(result.faults.by_kind[FaultKind::out_of_memory] == 1);
    CHECK(result.os.frames.anonymous == 10);
    CHECK(broken_laws(configuration, result) == none_broken);
}

TEST_CASE("two processes take turns, a switch costs time that no translation pays") {
    // A turn ends with the first access boundary at or after 100 cycles: first touch 96, then hits.
    const auto program = [](std::uint64_t page) {
        return TestProgram{.accesses = std::vector<Access>(11, read_of(page, 8))};
    };
    const tb::RunResult result = run(plain_machine({"os.scheduler.time_slice_cycles=100",
                                                    "os.scheduler.context_switch_cycles=1000"}),
                                     std::vector<TestProgram>{program(page_a), program(page_a)});
    // One: 96 + 4 · 1, turn over. Two: the same. Each then makes its last six accesses in a turn.
    const std::uint64_t turns = (96 + 4) * 2 + 6 * 2;
    CHECK(result.breakdown.total() == Cycles{turns});
    CHECK(result.os.context_switches == 3);
    CHECK(result.totals.cycles == Cycles{turns + 3UL * 1000});
    CHECK(tlb(result, "l1d").invalidations == 0);
}

TEST_CASE("a process that is alone is never interrupted") {
    const tb::RunResult result = run(plain_machine({"os.scheduler.time_slice_cycles=1",
                                                    "os.scheduler.context_switch_cycles=1000"}),
                                     {read_of(page_a, 8), read_of(page_a, 8), read_of(page_a, 8)});
    CHECK(result.totals.cycles == Cycles{98});
    CHECK(result.os.context_switches == 0);
}

TEST_CASE("without ASIDs every switch flushes every TLB") {
    const auto program = [](std::uint64_t page) {
        return TestProgram{.accesses = std::vector<Access>(5, read_of(page, 8))};
    };
    const tb::RunResult result =
        run(plain_machine({"paging.asid_bits=0", "os.scheduler.time_slice_cycles=1"}),
            std::vector<TestProgram>{program(page_a), program(page_a)});
    // One access per turn: two first touches, then walks, since every turn finds empty TLBs. The
    // last access of the second program belongs to the turn in which it is alone.
    CHECK(result.os.context_switches == 9);
    CHECK(result.os.tlb_invalidations == 9);
    CHECK(result.totals.cycles == Cycles{2 * 96 + 8 * 68});
    CHECK(tlb(result, "l1d").invalidations == 9);
    CHECK(tlb(result, "l2").invalidations == 9);
    CHECK(result.os.asid_rollovers == 0);
}

TEST_CASE("with one bit of ASID two processes keep their entries and a third begins a generation") {
    const auto program = [](std::uint64_t page) {
        return TestProgram{.accesses = std::vector<Access>(3, read_of(page, 8))};
    };
    const std::vector<TestProgram> two{program(page_a), program(page_a)};
    const auto rollovers = [](const std::vector<TestProgram>& programs) {
        const tb::Configuration configuration =
            plain_machine({"paging.asid_bits=1", "os.scheduler.time_slice_cycles=1"});
        return run_in_child(configuration, programs);
    };
    CHECK_THAT(rollovers(two), Catch::Contains("\"asid_rollovers\": 0"));
    // Turns 1 2 3 1 2 3 1 2 3: the third, fifth, seventh and ninth find both ASIDs taken.
    CHECK_THAT(rollovers({program(page_a), program(page_a), program(page_a)}),
               Catch::Contains("\"asid_rollovers\": 4"));
}

}  // namespace mmusim::tests::fault_handling_test
