// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/address_generator_module.hpp"

#include "tests/support/core_bench.hpp"
#include "tests/support/latency_stages.hpp"
#include "tests/support/listed_accesses.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <functional>
#include <ostream>
#include <vector>

namespace mmusim::hw::address_generator_module_test {
namespace {

using tests::Core;
using tests::frame_a;
using tests::frame_b;
using tests::ListedAccesses;
using tests::only;
using tests::page_a;
using tests::page_b;
using tests::page_far;
using tests::read_of;
using tests::RecordingObserver;
using tests::Simulation;
using tests::write_of;

constexpr PhysicalPageNumber root = tests::core_root;

TEST_CASE("a core issues in order, each access when the one before is done") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({read_of(page_a), read_of(page_a + 8), read_of(page_a + 16)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 61, 62});
    CHECK(machine.supervisor.ends == std::vector{Cycles{63}});
    const Totals totals = machine.core.totals();
    CHECK(totals.accesses == 3);
    CHECK(totals.translations == 3);
    CHECK(totals.cycles == Cycles{63});
    CHECK(totals.retries == 0);
    CHECK(machine.core.translations().breakdown().stages ==
          only({{Stage::first_tlb_lookup, 3}, {Stage::pte_read, 60}}));
    const auto classes = machine.core.translations().classes();
    CHECK(classes.at(0).second.count() == 2);
    CHECK(classes.at(1).second.count() == 1);
    CHECK(machine.core.translations().latency().total() == Cycles{63});
}

TEST_CASE("fetches go to the fetch side, reads and writes to the data side") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({{.address = page_a, .size_bytes = 4, .type = AccessType::fetch},
                             {.address = page_a, .size_bytes = 8, .type = AccessType::read},
                             {.address = page_a, .size_bytes = 8, .type = AccessType::write}});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.l1i.statistics().lookups == 1);
    CHECK(machine.l1d.statistics().lookups == 2);
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 61, 122});
}

TEST_CASE("with a hit latency of zero the next access issues one cycle later") {
    Simulation simulation;
    Core machine(simulation, Cycles{0});
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_b, frame_b);
    ListedAccesses accesses({read_of(page_a), read_of(page_b), read_of(page_a), read_of(page_a),
                             read_of(page_b + 0), read_of(page_a + 0xffc)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    // Two walks of 60; then a hit per cycle, the halves of a crossing access included.
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 60, 120, 121, 122, 123, 124});
    CHECK(machine.core.totals().cycles == Cycles{124});
    CHECK(machine.core.translations().breakdown().stages == only({{Stage::pte_read, 120}}));
}

TEST_CASE("an access that crosses a page makes two translations, the lower address first") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_b, frame_b);
    ListedAccesses accesses({read_of(page_a + 0xffc), read_of(page_a + 0xff8)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    const std::vector<RecordingObserver::Finished>& seen = machine.observer.translations;
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].address == page_a + 0xffc);
    CHECK(seen[0].page->physical_page == frame_a);
    CHECK(seen[1].address == page_b);
    CHECK(seen[1].page->physical_page == frame_b);
    CHECK(seen[0].access == 0);
    CHECK(seen[1].access == 0);
    CHECK(seen[2].access == 1);
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 61, 122});
    CHECK(machine.core.totals().accesses == 2);
    CHECK(machine.core.totals().translations == 3);
}

TEST_CASE("after a fault the retry begins again and pays in full") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_b, frame_b);  // the tables are there, the page is not
    LatencyRecord spent;
    spent.add(Stage::fault_entry, Cycles{100});
    spent.add(Stage::fault_page_table, Cycles{39});
    machine.supervisor.on_fault = [&](const PageFault&) {
        simulation.at(simulation.clock().now() + spent.total(), CyclePhase::software, [&] {
            machine.tables.map(page_a, frame_a);
            machine.core.retry(Outcome::minor_fault, spent);
        });
    };
    ListedAccesses accesses(
        {{.address = page_a, .size_bytes = 8, .type = AccessType::write}, read_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    REQUIRE(machine.supervisor.faults.size() == 1);
    CHECK(machine.supervisor.faults[0].at == Cycles{61});
    CHECK(machine.supervisor.faults[0].fault.address == page_a);
    CHECK(machine.supervisor.faults[0].fault.type == AccessType::write);
    CHECK(machine.supervisor.faults[0].fault.cause == FaultCause::page_fault);

    REQUIRE(machine.observer.faults.size() == 1);
    CHECK(machine.observer.faults[0].access == 0);
    CHECK(machine.observer.faults[0].issued == Cycles{0});
    CHECK(machine.observer.faults[0].request.address == page_a);
    CHECK(machine.observer.faults[0].cause == FaultCause::page_fault);

    REQUIRE(machine.observer.translations.size() == 2);
    const RecordingObserver::Finished& faulted = machine.observer.translations[0];
    CHECK(faulted.outcome == Outcome::minor_fault);
    CHECK(faulted.done - faulted.issued == Cycles{61 + 139 + 61});
    CHECK(faulted.latency.stages == only({{Stage::first_tlb_lookup, 2},
                                          {Stage::pte_read, 120},
                                          {Stage::fault_entry, 100},
                                          {Stage::fault_page_table, 39}}));
    CHECK(machine.observer.translations[1].outcome == Outcome::hit);
    CHECK(machine.observer.translations[1].issued == faulted.done);
    CHECK(machine.core.totals().retries == 1);
    CHECK(machine.core.totals().translations == 2);
    CHECK(machine.l1d.statistics().misses == 2);
    CHECK(machine.l1d.statistics().retry_misses == 1);
}

TEST_CASE("a translation that faults twice is of the worse kind") {
    Simulation simulation;
    Core machine(simulation);
    std::vector<Outcome> kinds{Outcome::major_fault, Outcome::minor_fault};
    machine.supervisor.on_fault = [&](const PageFault&) {
        if (machine.supervisor.faults.size() == 2) {
            machine.tables.map(page_a, frame_a);
        }
        machine.core.retry(kinds.at(machine.supervisor.faults.size() - 1), {});
    };
    ListedAccesses accesses({read_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    REQUIRE(machine.observer.translations.size() == 1);
    CHECK(machine.observer.translations[0].outcome == Outcome::major_fault);
    // Two tries that read one entry of the empty root, then the walk.
    CHECK(machine.observer.translations[0].done == Cycles{21 + 21 + 61});
    CHECK(machine.core.totals().retries == 2);
}

TEST_CASE("a fault on a hit that is denied traps after the lookup") {
    Simulation simulation;
    Core machine(simulation);
    constexpr PageFlags read_only{0x53};
    machine.tables.map(page_a, frame_a, 0, read_only);
    machine.supervisor.on_fault = [&](const PageFault&) { machine.core.give_up({}); };
    ListedAccesses accesses(
        {read_of(page_a), {.address = page_a, .size_bytes = 8, .type = AccessType::write}});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    REQUIRE(machine.supervisor.faults.size() == 1);
    CHECK(machine.supervisor.faults[0].at == Cycles{62});
}

TEST_CASE("a core that gives up drops the access and stands still until it is given a program") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_b, frame_b);
    machine.tables.map(page_far, tests::frame_far);
    ListedAccesses other_accesses({read_of(page_far)});
    AccessStream other(other_accesses);
    LatencyRecord spent;
    spent.add(Stage::fault_lookup, Cycles{9});
    machine.supervisor.on_fault = [&](const PageFault&) {
        simulation.at(simulation.clock().now() + Cycles{9}, CyclePhase::software,
                      [&] { machine.core.give_up(spent); });
    };
    simulation.at(Cycles{500}, CyclePhase::software,
                  [&] { machine.core.run(other, {.root = root}, std::nullopt); });
    // The first half faults: the second is neither made nor counted.
    ListedAccesses accesses({read_of(page_a + 0xffc), read_of(page_b)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    const std::vector<RecordingObserver::Finished>& seen = machine.observer.translations;
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].outcome == Outcome::invalid_fault);
    CHECK(seen[0].done == Cycles{61 + 9});
    CHECK_FALSE(seen[0].page);
    CHECK(seen[1].address == page_far);
    CHECK(seen[1].issued == Cycles{500});
    CHECK(machine.core.totals().accesses == 2);
    CHECK(machine.core.totals().translations == 2);
    CHECK(machine.core.translations().classes().back().second.total() == Cycles{70});
    CHECK(program.taken() == 1);
}

TEST_CASE("milestones are told when nothing is under way, and can stop the core") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_b, frame_b);
    std::vector<std::uint64_t> cycles;
    machine.observer.on_milestone = [&](std::uint64_t accesses) -> std::optional<std::uint64_t> {
        cycles.push_back(simulation.clock().now().value);
        if (accesses == 4) {
            return std::nullopt;
        }
        return accesses + 2;
    };
    ListedAccesses accesses({read_of(page_a), read_of(page_a + 0xffc), read_of(page_a),
                             read_of(page_a), read_of(page_a), read_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.observer.milestones == std::vector<std::uint64_t>{0, 2, 4});
    // A walk, a crossing access of hit and walk, two hits.
    CHECK(cycles == std::vector<std::uint64_t>{0, 61 + 62, 61 + 62 + 2});
    CHECK(machine.core.totals().accesses == 4);
    CHECK(machine.core.totals().cycles == Cycles{125});
    CHECK(machine.supervisor.stops == std::vector{Cycles{125}});
    CHECK(machine.supervisor.ends.empty());
}

TEST_CASE("a new measurement begins with the next issue, and the machine stays warm") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    machine.observer.on_milestone = [&](std::uint64_t accesses) {
        if (accesses == 1) {
            machine.core.reset_statistics();
        }
        return std::optional{accesses == 0 ? std::uint64_t{1} : RecordingObserver::never};
    };
    ListedAccesses accesses({read_of(page_a), read_of(page_a), read_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.core.totals().accesses == 2);
    CHECK(machine.core.totals().cycles == Cycles{2});
    CHECK(machine.core.translations().latency().total() == Cycles{2});
    CHECK(machine.core.translations().breakdown().total() == Cycles{2});
}

TEST_CASE("a turn ends between accesses only: not within one that crosses, nor in a walk") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_b, frame_b);
    ListedAccesses accesses({read_of(page_a + 0xffc), read_of(page_a), read_of(page_b)});
    AccessStream program(accesses);
    bool again = false;
    machine.supervisor.on_turn_over = [&] {
        again = true;
        simulation.at(Cycles{200}, CyclePhase::software,
                      [&] { machine.core.run(program, {.root = root}, std::nullopt); });
    };
    // The turn ends in the walk of the first half; both halves are made.
    machine.core.run(program, {.root = root}, Cycles{5});
    simulation.run();

    CHECK(again);
    CHECK(machine.supervisor.turns == std::vector{Cycles{122}});
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 61, 200, 201});
    CHECK(machine.supervisor.ends == std::vector{Cycles{202}});
    CHECK(program.taken() == 3);
}

TEST_CASE("a turn that ends in a cycle is over in that cycle, not in the one before") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({read_of(page_a), read_of(page_a), read_of(page_a), read_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, Cycles{63});
    simulation.run();

    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 61, 62});
    CHECK(machine.supervisor.turns == std::vector{Cycles{63}});
    CHECK(program.taken() == 3);
}

TEST_CASE("a program that throws in reading on ends the simulation with what it threw") {
    class Broken final : public AccessSource {
      public:
        std::span<const Access> next_batch() override {
            throw std::runtime_error("line 7: no number");
        }
    };
    Simulation simulation;
    Core machine(simulation);
    Broken source;
    AccessStream program(source);
    machine.core.run(program, {.root = root}, std::nullopt);

    CHECK_THROWS_WITH(simulation.run(), "line 7: no number");
}

TEST_CASE("accesses carry the address space of their program") {
    Simulation simulation;
    Core machine(simulation);
    machine.tables.map(page_a, frame_a);
    ListedAccesses first_accesses({read_of(page_a)});
    ListedAccesses second_accesses({read_of(page_a), read_of(page_a)});
    AccessStream first(first_accesses);
    AccessStream second(second_accesses);
    machine.supervisor.on_end = [&] {
        if (machine.supervisor.ends.size() == 1) {
            machine.core.run(second, {.root = root, .asid = {2}}, std::nullopt);
        }
    };
    machine.core.run(first, {.root = root, .asid = {1}}, std::nullopt);
    simulation.run();

    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 61, 122});
    CHECK(machine.l1d.array().entries().size() == 2);
}

// The same core with a data path: what it fetches comes from one memory, its data from another, so
// that page tables are read in nobody's way.
template <typename Memory>
struct CoreWithDataPath : Core {
    CoreWithDataPath(Simulation& simulation, Memory& fetch_memory, Memory& data_memory,
                     std::uint32_t max_outstanding = 1, Cycles hit_latency = Cycles{1})
        : Core(simulation, hit_latency,
               {.max_outstanding = max_outstanding, .data_path = DataPath::memory}) {
        core.fetch_memory_initiator.bind(fetch_memory.upstream_target);
        core.data_memory_initiator.bind(data_memory.upstream_target);
    }
};

// What reached a memory.
struct Reached {
    std::uint64_t arrival = 0;
    PhysicalAddress address;
    unsigned bytes = 0;
    MemoryPurpose purpose = MemoryPurpose::data_read;

    bool operator==(const Reached&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Reached& reached) {
    return stream << fmt::format("{}: {} of {} bytes at {}", reached.arrival, reached.purpose,
                                 reached.bytes, reached.address);
}

std::vector<Reached> reached(const tests::TestMemory& memory) {
    std::vector<Reached> result;
    for (const tests::TestMemory::Transaction& transaction : memory.transactions()) {
        result.push_back({.arrival = transaction.arrival.value,
                          .address = transaction.address,
                          .bytes = transaction.bytes,
                          .purpose = transaction.purpose});
    }
    return result;
}

constexpr PhysicalAddress at_a = frame_a.address();
constexpr PhysicalAddress at_b = frame_b.address();

TEST_CASE("with a data path an access is done when memory has answered it") {
    Simulation simulation;
    tests::FixedLatencyMemory fetch_memory("fetch_memory", Cycles{11}, simulation.clock());
    tests::FixedLatencyMemory data_memory("data_memory", Cycles{30}, simulation.clock());
    CoreWithDataPath machine(simulation, fetch_memory, data_memory);
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({read_of(page_a + 3, 2),
                             write_of(page_a + 16),
                             {.address = page_a, .size_bytes = 4, .type = AccessType::fetch},
                             {.address = page_a + 4, .size_bytes = 4, .type = AccessType::fetch}});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    // A walk of 61 and 30; a hit and 30; the fetch side's own walk and 11; a hit and 11.
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 91, 122, 194});
    CHECK(machine.done_cycles() == std::vector<std::uint64_t>{91, 122, 194, 206});
    CHECK(reached(data_memory) ==
          std::vector<Reached>{{61, at_a + 3, 2, MemoryPurpose::data_read},
                               {92, at_a + 16, 8, MemoryPurpose::data_write}});
    CHECK(reached(fetch_memory) == std::vector<Reached>{{183, at_a, 4, MemoryPurpose::fetch},
                                                        {195, at_a + 4, 4, MemoryPurpose::fetch}});
    CHECK(machine.core.totals().cycles == Cycles{206});
    CHECK(machine.core.totals().translations == 4);
    CHECK(machine.core.translations().breakdown().stages ==
          only({{Stage::first_tlb_lookup, 4},
                {Stage::pte_read, 120},
                {Stage::data_access, 30 + 30 + 11 + 11}}));
    const auto classes = machine.core.translations().classes();
    CHECK(classes.at(0).second.total() == Cycles{31 + 12});
    CHECK(classes.at(1).second.total() == Cycles{91 + 72});
}

TEST_CASE("an access that memory keeps waiting is not done the cycle before the answer") {
    Simulation simulation;
    const std::vector<MemoryTiming> timings{{.wait = {7}, .service = {25}},
                                            {.wait = {0}, .service = {1}},
                                            {.wait = {3}, .service = {0}}};
    tests::StallingMemory fetch_memory("fetch_memory", timings, simulation.clock());
    tests::StallingMemory data_memory("data_memory", timings, simulation.clock());
    CoreWithDataPath machine(simulation, fetch_memory, data_memory);
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({read_of(page_a), write_of(page_a), read_of(page_a)});
    AccessStream program(accesses);
    std::size_t finished_before = 0;
    std::size_t finished_then = 0;
    simulation.observe(Cycles{92}, [&] { finished_before = machine.observer.translations.size(); });
    simulation.observe(Cycles{93}, [&] { finished_then = machine.observer.translations.size(); });
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(finished_before == 0);
    CHECK(finished_then == 1);
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 93, 95});
    CHECK(machine.done_cycles() == std::vector<std::uint64_t>{61 + 32, 94 + 1, 96 + 3});
    CHECK(machine.core.translations().breakdown().stages == only({{Stage::first_tlb_lookup, 3},
                                                                  {Stage::pte_read, 60},
                                                                  {Stage::data_access, 26},
                                                                  {Stage::data_access_wait, 10}}));
    CHECK(fetch_memory.transactions().empty());
}

TEST_CASE("with a data path that takes no time the next access issues one cycle later") {
    Simulation simulation;
    tests::FixedLatencyMemory memory("data_memory", Cycles{0}, simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory, 1, Cycles{0});
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({read_of(page_a), read_of(page_a), write_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 60, 61});
    CHECK(machine.core.totals().cycles == Cycles{61});
    CHECK(memory.transactions().at(2).arrival == Cycles{61});
}

TEST_CASE("each half of an access that crosses a page is accessed before the other is translated") {
    Simulation simulation;
    tests::FixedLatencyMemory memory("data_memory", Cycles{30}, simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory);
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_b, frame_b);
    ListedAccesses accesses({write_of(page_a + 0xffd, 8), read_of(page_a + 0xff8, 8)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 91, 182});
    CHECK(reached(memory) ==
          std::vector<Reached>{{61, at_a + 0xffd, 3, MemoryPurpose::data_write},
                               {152, at_b, 5, MemoryPurpose::data_write},
                               {183, at_a + 0xff8, 8, MemoryPurpose::data_read}});
    CHECK(machine.core.totals().accesses == 2);
    CHECK(machine.core.totals().cycles == Cycles{213});
}

TEST_CASE("a translation that faults makes no access before its retry") {
    Simulation simulation;
    tests::FixedLatencyMemory memory("data_memory", Cycles{30}, simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory);
    machine.tables.map(page_b, frame_b);
    machine.supervisor.on_fault = [&](const PageFault&) {
        machine.tables.map(page_a, frame_a);
        machine.core.retry(Outcome::minor_fault, {});
    };
    ListedAccesses accesses({write_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(reached(memory) == std::vector<Reached>{{122, at_a, 8, MemoryPurpose::data_write}});
    REQUIRE(machine.observer.translations.size() == 1);
    CHECK(machine.observer.translations[0].outcome == Outcome::minor_fault);
    CHECK(machine.observer.translations[0].done == Cycles{152});
}

TEST_CASE("an access where there is no memory is an access fault of its own type") {
    Simulation simulation;
    tests::FixedLatencyMemory memory("data_memory", Cycles{30}, simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory);
    constexpr PhysicalPageNumber nowhere{0x7'0000};
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_b, nowhere);
    machine.supervisor.on_fault = [&](const PageFault&) { machine.core.give_up({}); };
    // Its first half is there.
    ListedAccesses accesses({write_of(page_a + 0xffc, 8), read_of(page_a)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    REQUIRE(machine.supervisor.faults.size() == 1);
    CHECK(machine.supervisor.faults[0].at == Cycles{91 + 91});
    CHECK(machine.supervisor.faults[0].fault.address == page_b);
    CHECK(machine.supervisor.faults[0].fault.type == AccessType::write);
    CHECK(machine.supervisor.faults[0].fault.cause == FaultCause::access_fault);
    const std::vector<RecordingObserver::Finished>& seen = machine.observer.translations;
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].outcome == Outcome::walk);
    CHECK(seen[1].outcome == Outcome::invalid_fault);
    CHECK(seen[1].page->physical_page == nowhere);
    CHECK(seen[1].latency.stages ==
          only({{Stage::first_tlb_lookup, 1}, {Stage::pte_read, 60}, {Stage::data_access, 30}}));
    CHECK(machine.core.totals().accesses == 1);
}

TEST_CASE("an access that failed and is retried is translated again and made again") {
    Simulation simulation;
    tests::FailingMemory memory("data_memory", Cycles{30}, 0, simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory);
    machine.tables.map(page_a, frame_a);
    machine.supervisor.on_fault = [&](const PageFault&) {
        machine.core.retry(Outcome::minor_fault, {});
    };
    ListedAccesses accesses({{.address = page_a, .size_bytes = 4, .type = AccessType::fetch}});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    REQUIRE(machine.supervisor.faults.size() == 1);
    CHECK(machine.supervisor.faults[0].at == Cycles{91});
    CHECK(machine.supervisor.faults[0].fault.type == AccessType::fetch);
    CHECK(machine.supervisor.faults[0].fault.cause == FaultCause::access_fault);
    CHECK(reached(memory) == std::vector<Reached>{{61, at_a, 4, MemoryPurpose::fetch},
                                                  {92, at_a, 4, MemoryPurpose::fetch}});
    CHECK(machine.done_cycles() == std::vector<std::uint64_t>{122});
    CHECK(machine.core.totals().retries == 1);
    CHECK(machine.observer.translations[0].latency.stages ==
          only({{Stage::first_tlb_lookup, 2}, {Stage::pte_read, 60}, {Stage::data_access, 60}}));
}

TEST_CASE("accesses under way at once are answered in any order") {
    Simulation simulation;
    tests::StallingMemory memory("data_memory",
                                 {{.wait = {0}, .service = {5}},
                                  {.wait = {50}, .service = {50}},
                                  {.wait = {2}, .service = {8}}},
                                 simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory, 2);
    machine.tables.map(page_a, frame_a);
    ListedAccesses accesses({read_of(page_a), read_of(page_a + 8), write_of(page_a + 16),
                             read_of(page_a + 24), read_of(page_a + 32)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    // The second joins the walk of the first. Its access takes 100 cycles, in which the others
    // pass.
    CHECK(reached(memory) == std::vector<Reached>{{61, at_a, 8, MemoryPurpose::data_read},
                                                  {61, at_a + 8, 8, MemoryPurpose::data_read},
                                                  {67, at_a + 16, 8, MemoryPurpose::data_write},
                                                  {78, at_a + 24, 8, MemoryPurpose::data_read},
                                                  {84, at_a + 32, 8, MemoryPurpose::data_read}});
    CHECK(machine.issue_cycles() == std::vector<std::uint64_t>{0, 66, 77, 1, 83});
    CHECK(machine.done_cycles() == std::vector<std::uint64_t>{66, 77, 83, 161, 184});
    CHECK(machine.core.translations().breakdown().total() ==
          machine.core.translations().latency().total());
    CHECK(machine.supervisor.ends == std::vector{Cycles{184}});
}

TEST_CASE("a page fault waits for the accesses that are at memory") {
    Simulation simulation;
    tests::StallingMemory memory("data_memory", {{.wait = {0}, .service = {200}}},
                                 simulation.clock());
    CoreWithDataPath machine(simulation, memory, memory, 2);
    machine.tables.map(page_a, frame_a);
    machine.supervisor.on_fault = [&](const PageFault&) {
        machine.tables.map(page_b, frame_b);
        machine.core.retry(Outcome::minor_fault, {});
    };
    ListedAccesses accesses({read_of(page_a), read_of(page_b)});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    // The one walker takes the second request at 61 and finds the invalid entry at 121.
    REQUIRE(machine.supervisor.faults.size() == 1);
    CHECK(machine.supervisor.faults[0].at == Cycles{261});
    REQUIRE(machine.observer.translations.size() == 2);
    CHECK(machine.observer.translations[1].latency.stages[Stage::trap_wait] == Cycles{261 - 121});
    CHECK(machine.observer.translations[1].done == Cycles{261 + 61 + 200});
}

TEST_CASE("a store of the program changes no value in memory and no page table") {
    Simulation simulation;
    Core machine(simulation, Cycles{1}, {.data_path = DataPath::memory});
    machine.core.fetch_memory_initiator.bind(machine.memory.upstream_target);
    machine.core.data_memory_initiator.bind(machine.memory.upstream_target);
    // A page that is its own leaf table.
    const PhysicalAddress leaf = machine.tables.map(page_a, frame_a);
    machine.tables.map(page_a, page_number_of(leaf));
    const PageTableEntry before = machine.tables.entry_at(leaf);
    ListedAccesses accesses({write_of(page_a + leaf.page_offset(), 8),
                             write_of(page_a, static_cast<std::uint32_t>(page_bytes))});
    AccessStream program(accesses);
    machine.core.run(program, {.root = root}, std::nullopt);
    simulation.run();

    CHECK(machine.memory.transactions().size() == 3 + 2);
    CHECK(machine.memory.transactions().at(3).address == leaf);
    CHECK(machine.tables.entry_at(leaf) == before);
}

}  // namespace
}  // namespace mmusim::hw::address_generator_module_test
