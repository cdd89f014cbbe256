// SPDX-License-Identifier: Apache-2.0
// Page faults that are put off while the core runs other programs.
#include "hw/cpu/address_generator_module.hpp"
#include "tests/support/core_bench.hpp"
#include "tests/support/latency_stages.hpp"
#include "tests/support/listed_accesses.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mmusim::hw::parked_accesses_module_test {
namespace {

using tests::Core;
using tests::frame_a;
using tests::frame_b;
using tests::only;
using tests::page_a;
using tests::page_b;
using tests::page_far;
using tests::read_of;
using tests::RecordingObserver;
using tests::Simulation;
using tests::write_of;

using Cycle = std::uint64_t;
using Numbers = std::vector<std::uint64_t>;

constexpr Asid first_asid{1};
constexpr Asid other_asid{2};
constexpr Asid new_asid{3};
constexpr PageFlags read_only{0x53};

TranslationContext context_of(Asid asid) {
    return {.root = tests::core_root, .asid = asid};
}

struct Program {
    explicit Program(std::vector<Access> list) : accesses(std::move(list)), stream(accesses) {}

    tests::ListedAccesses accesses;
    AccessStream stream;
};

LatencyRecord spent(std::initializer_list<std::pair<Stage, std::uint64_t>> stages) {
    return {.stages = only(stages)};
}

// A core, and an operating system that does what it is told when it is told.
struct ParkingCore : Core {
    explicit ParkingCore(Simulation& on, const CpuParameters& parameters = {})
        : Core(on, Cycles{1}, parameters), simulation(on) {}

    void run(Program& program, Asid asid, std::optional<Cycles> turn_end = std::nullopt) {
        core.run(program.stream, context_of(asid), turn_end);
    }

    // At each of these cycles the program that has trapped is parked, and another one runs.
    void park_at(Cycle when, std::optional<AddressGeneratorModule::ParkedAccesses>& place,
                 Program* next = nullptr) {
        simulation.at(Cycles{when}, CyclePhase::software, [this, &place, next] {
            place.emplace(core.park());
            if (next != nullptr) {
                run(*next, other_asid);
            }
        });
    }

    void resume_at(Cycle when, std::optional<AddressGeneratorModule::ParkedAccesses>& place,
                   Program& program, Asid asid, std::optional<Cycles> turn_end = std::nullopt) {
        simulation.at(Cycles{when}, CyclePhase::software, [this, &place, &program, asid, turn_end] {
            core.resume(*std::exchange(place, std::nullopt), program.stream, context_of(asid),
                        turn_end);
        });
    }

    void retry_at(Cycle when, Outcome outcome, const LatencyRecord& record) {
        simulation.at(Cycles{when}, CyclePhase::software,
                      [this, outcome, record] { core.retry(outcome, record); });
    }

    void give_up_at(Cycle when, const LatencyRecord& record) {
        simulation.at(Cycles{when}, CyclePhase::software, [this, record] { core.give_up(record); });
    }

    void map_at(Cycle when, VirtualAddress page, PhysicalPageNumber frame) {
        simulation.at(Cycles{when}, CyclePhase::software,
                      [this, page, frame] { tables.map(page, frame); });
    }

    [[nodiscard]] Numbers asids() const {
        Numbers result;
        for (const RecordingObserver::Finished& translation : observer.translations) {
            result.push_back(translation.asid.value);
        }
        return result;
    }

    [[nodiscard]] Numbers trap_cycles() const {
        Numbers result;
        for (const tests::ScriptedSupervisor::Fault& fault : supervisor.faults) {
            result.push_back(fault.at.value);
        }
        return result;
    }

    // Every translation that counts is in one class, with all of its cycles.
    [[nodiscard]] bool sums_are_exact() const {
        const TranslationStatistics& figures = core.translations();
        return figures.latency().count() == core.totals().translations &&
               figures.latency().total() == figures.breakdown().total();
    }

    Simulation& simulation;
    std::optional<AddressGeneratorModule::ParkedAccesses> parked;
    std::optional<AddressGeneratorModule::ParkedAccesses> other_parked;
};

// What a fault of 61 cycles spends, parked at 66 and retried at 210.
LatencyRecord spent_from_61_to_210() {
    return spent({{Stage::fault_entry, 5}, {Stage::storage, 134}, {Stage::fault_return, 10}});
}

TEST_CASE("while a fault is parked another program runs, and then the fault goes on") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_b, frame_b);  // so that the tables of page_a are there
    machine.tables.map(page_far, tests::frame_far);
    Program waiting({read_of(page_a), read_of(page_a + 8)});
    Program other({read_of(page_far), read_of(page_far), read_of(page_far)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked, &other);
    std::uint64_t parked_accesses = 0;
    VirtualAddress parked_address;
    std::optional<VirtualAddress> under_way;
    simulation.observe(Cycles{150}, [&] {
        parked_accesses = machine.parked->count();
        parked_address = machine.parked->address();
        under_way = machine.core.translation_under_way();
    });
    machine.map_at(200, page_a, frame_a);
    machine.resume_at(200, machine.parked, waiting, new_asid);
    machine.retry_at(210, Outcome::major_fault, spent_from_61_to_210());
    simulation.run();

    CHECK(machine.trap_cycles() == Numbers{61});
    CHECK(machine.issue_cycles() == Numbers{66, 127, 128, 0, 271});
    CHECK(machine.done_cycles() == Numbers{127, 128, 129, 271, 272});
    CHECK(machine.asids() == Numbers{2, 2, 2, 3, 3});
    CHECK(machine.supervisor.ends == std::vector{Cycles{129}, Cycles{272}});
    CHECK(parked_accesses == 1);
    CHECK(parked_address == page_a);
    CHECK_FALSE(under_way);

    CHECK(machine.observer.translations[3].outcome == Outcome::major_fault);
    CHECK(machine.observer.translations[3].latency.stages == only({{Stage::first_tlb_lookup, 2},
                                                                   {Stage::pte_read, 120},
                                                                   {Stage::fault_entry, 5},
                                                                   {Stage::storage, 134},
                                                                   {Stage::fault_return, 10}}));
    CHECK(machine.observer.faults.size() == 1);
    CHECK(machine.core.totals().accesses == 5);
    CHECK(machine.core.totals().retries == 1);
    CHECK(machine.core.totals().cycles == Cycles{272});
    CHECK(machine.sums_are_exact());
}

TEST_CASE("a fault can be parked from within the trap, and the next program issues at once") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_b, frame_b);
    machine.tables.map(page_far, tests::frame_far);
    Program waiting({read_of(page_a)});
    Program other({read_of(page_far)});
    machine.supervisor.on_fault = [&](const PageFault&) {
        machine.parked.emplace(machine.core.park());
        machine.run(other, other_asid);
    };
    machine.supervisor.on_end = [&] {
        if (machine.parked) {
            machine.tables.map(page_a, frame_a);
            machine.core.resume(*std::exchange(machine.parked, std::nullopt), waiting.stream,
                                context_of(first_asid), std::nullopt);
            machine.core.retry(Outcome::major_fault, spent({{Stage::storage, 61}}));
        }
    };
    machine.run(waiting, first_asid);
    simulation.run();

    CHECK(machine.issue_cycles() == Numbers{61, 0});
    CHECK(machine.done_cycles() == Numbers{122, 183});
    CHECK(machine.sums_are_exact());
}

TEST_CASE("a fault can be parked again, before its retry and after it") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_b, frame_b);
    Program waiting({read_of(page_a)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked);
    machine.resume_at(200, machine.parked, waiting, first_asid);
    machine.park_at(205, machine.parked);
    machine.resume_at(300, machine.parked, waiting, first_asid);
    // The page has left memory again: the retry faults at 371.
    machine.retry_at(310, Outcome::major_fault,
                     spent({{Stage::storage, 200}, {Stage::run_queue_wait, 49}}));
    machine.park_at(376, machine.parked);
    machine.map_at(400, page_a, frame_a);
    machine.resume_at(400, machine.parked, waiting, first_asid);
    machine.retry_at(410, Outcome::minor_fault, spent({{Stage::run_queue_wait, 39}}));
    simulation.run();

    CHECK(machine.trap_cycles() == Numbers{61, 371});
    CHECK(machine.done_cycles() == Numbers{471});
    REQUIRE(machine.observer.translations.size() == 1);
    CHECK(machine.observer.translations[0].outcome == Outcome::major_fault);
    CHECK(machine.observer.translations[0].latency.stages == only({{Stage::first_tlb_lookup, 3},
                                                                   {Stage::pte_read, 180},
                                                                   {Stage::storage, 200},
                                                                   {Stage::run_queue_wait, 88}}));
    CHECK(machine.core.totals().retries == 2);
    CHECK(machine.sums_are_exact());
}

// Four accesses at once; the only port of the TLB takes one of them in each cycle.
CpuParameters four_at_once() {
    CpuParameters parameters;
    parameters.max_outstanding = 4;
    parameters.issue_per_cycle = 4;
    return parameters;
}

// A program that writes four times to a page that it may only read, from cycle 100 on, when the TLB
// has the page. All four fault, in 101 to 104, and the first of them traps then.
struct FourFaults {
    explicit FourFaults(ParkingCore& machine)
        : reader({read_of(page_a)}),
          writer({write_of(page_a), write_of(page_a + 8), write_of(page_a + 16),
                  write_of(page_a + 24)}) {
        machine.tables.map(page_a, frame_a, 0, read_only);
        machine.run(reader, first_asid);
        machine.simulation.at(Cycles{100}, CyclePhase::software,
                              [this, &machine] { machine.run(writer, first_asid); });
    }

    static LatencyRecord spent_from_104_to_210() {
        return spent({{Stage::fault_entry, 5}, {Stage::storage, 91}, {Stage::fault_return, 10}});
    }

    Program reader;
    Program writer;
};

TEST_CASE("all accesses that have faulted are parked, and are translated again, the oldest first") {
    Simulation simulation;
    ParkingCore machine(simulation, four_at_once());
    FourFaults waiting(machine);
    machine.tables.map(page_far, tests::frame_far);
    Program other({read_of(page_far), read_of(page_far), read_of(page_far)});
    machine.park_at(110, machine.parked, &other);
    std::uint64_t parked_accesses = 0;
    simulation.observe(Cycles{111}, [&] { parked_accesses = machine.parked->count(); });
    simulation.at(Cycles{200}, CyclePhase::software, [&] {
        machine.tables.map(page_a, frame_b);
        machine.l1d.fence({});
    });
    machine.resume_at(200, machine.parked, waiting.writer, new_asid);
    machine.retry_at(210, Outcome::major_fault, FourFaults::spent_from_104_to_210());
    simulation.run();

    CHECK(machine.trap_cycles() == Numbers{104});
    CHECK(machine.supervisor.faults[0].fault.address == page_a);
    CHECK(parked_accesses == 4);
    // The later accesses of each program join the walk of its first.
    CHECK(machine.issue_cycles() == Numbers{0, 110, 110, 110, 100, 100, 100, 100});
    CHECK(machine.done_cycles() == Numbers{61, 171, 171, 171, 271, 271, 271, 271});
    CHECK(machine.asids() == Numbers{1, 2, 2, 2, 3, 3, 3, 3});
    REQUIRE(machine.observer.translations.size() == 8);
    CHECK(machine.observer.translations[4].latency.stages == only({{Stage::first_tlb_lookup, 2},
                                                                   {Stage::trap_wait, 3},
                                                                   {Stage::fault_entry, 5},
                                                                   {Stage::storage, 91},
                                                                   {Stage::fault_return, 10},
                                                                   {Stage::pte_read, 60}}));
    // The write of that number, from 0, waits so long for the port, twice.
    for (std::uint64_t number = 1; number <= 3; ++number) {
        CAPTURE(number);
        CHECK(machine.observer.translations[4 + number].latency.stages ==
              only({{Stage::first_tlb_lookup, 2},
                    {Stage::tlb_wait, 2 * number},
                    {Stage::trap_wait, 109 - number},
                    {Stage::merge_wait, 60 - number}}));
    }
    CHECK(machine.core.totals().accesses == 8);
    CHECK(machine.core.totals().retries == 4);
    CHECK(machine.sums_are_exact());
}

TEST_CASE("a fault in the second half of an access is parked after the first half is done") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_a, frame_a);
    machine.tables.map(page_far, tests::frame_far);
    Program waiting({read_of(page_a + 0xffc), read_of(page_a)});
    Program other({read_of(page_far + 0xff0)});
    machine.run(waiting, first_asid);
    machine.park_at(127, machine.parked, &other);
    machine.map_at(200, page_b, frame_b);
    machine.resume_at(200, machine.parked, waiting, first_asid);
    machine.retry_at(210, Outcome::major_fault, spent({{Stage::storage, 88}}));
    simulation.run();

    CHECK(machine.trap_cycles() == Numbers{122});
    CHECK(machine.issue_cycles() == Numbers{0, 127, 61, 271});
    CHECK(machine.done_cycles() == Numbers{61, 188, 271, 272});
    CHECK(machine.observer.translations.at(2).address == page_b);
    CHECK(machine.core.totals().accesses == 3);
    CHECK(machine.core.totals().translations == 4);
    CHECK(machine.sums_are_exact());
}

TEST_CASE("a fault in the first half of an access is parked with the second half to be made") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_b, frame_b);
    Program waiting({read_of(page_a + 0xffc)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked);
    machine.map_at(200, page_a, frame_a);
    machine.resume_at(200, machine.parked, waiting, new_asid);
    machine.retry_at(210, Outcome::major_fault, spent_from_61_to_210());
    simulation.run();

    CHECK(machine.issue_cycles() == Numbers{0, 271});
    CHECK(machine.done_cycles() == Numbers{271, 332});
    CHECK(machine.asids() == Numbers{3, 3});
    CHECK(machine.observer.translations.at(1).address == page_b);
    CHECK(machine.core.totals().accesses == 1);
    CHECK(machine.sums_are_exact());
}

TEST_CASE("a turn ends when it is said to, neither a cycle earlier nor later than it was to end") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_a, frame_a);
    Program first({read_of(page_a)});
    machine.run(first, first_asid);

    // From the start of the program, which issues a hit in each cycle.
    struct Row {
        std::optional<Cycle> turn_end;
        Cycle told;
        Cycle end;
        Cycle over;
    };
    const std::vector<Row> rows{{std::nullopt, 2, 5, 5}, {std::nullopt, 2, 6, 6},
                                {std::nullopt, 4, 4, 4}, {std::nullopt, 4, 1, 4},
                                {Cycle{3}, 2, 8, 3},     {Cycle{8}, 2, 6, 6}};
    std::vector<std::unique_ptr<Program>> programs;
    for (std::size_t number = 0; number < rows.size(); ++number) {
        const Row row = rows[number];
        const Cycles start{1000 * (number + 1)};
        Program& program = *programs.emplace_back(
            std::make_unique<Program>(std::vector<Access>(20, read_of(page_a))));
        simulation.at(start, CyclePhase::software, [&machine, &program, row, start] {
            std::optional<Cycles> turn_end;
            if (row.turn_end) {
                turn_end = start + Cycles{*row.turn_end};
            }
            machine.run(program, first_asid, turn_end);
        });
        simulation.at(start + Cycles{row.told}, CyclePhase::software, [&machine, row, start] {
            machine.core.end_turn_at(start + Cycles{row.end});
        });
    }
    simulation.run();

    REQUIRE(machine.supervisor.turns.size() == rows.size());
    for (std::size_t number = 0; number < rows.size(); ++number) {
        CAPTURE(number);
        CHECK(machine.supervisor.turns[number] == Cycles{1000 * (number + 1) + rows[number].over});
        CHECK(programs[number]->stream.taken() == rows[number].over);
    }
}

TEST_CASE("a turn that ends before a resumed fault is served is over after that access") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_b, frame_b);
    Program waiting({read_of(page_a), read_of(page_a)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked);
    machine.map_at(200, page_a, frame_a);
    machine.resume_at(200, machine.parked, waiting, first_asid, Cycles{1'000});
    simulation.at(Cycles{205}, CyclePhase::software, [&] { machine.core.end_turn_at({208}); });
    machine.retry_at(210, Outcome::major_fault, spent_from_61_to_210());
    simulation.run();

    CHECK(machine.supervisor.turns == std::vector{Cycles{271}});
    CHECK(machine.done_cycles() == Numbers{271});
    CHECK(waiting.stream.taken() == 1);
}

TEST_CASE("giving up a resumed fault drops the later accesses of its program and no other") {
    Simulation simulation;
    ParkingCore machine(simulation, four_at_once());
    FourFaults waiting(machine);
    Program other({read_of(page_b)});
    machine.park_at(110, machine.parked, &other);
    machine.park_at(175, machine.other_parked);
    machine.resume_at(200, machine.parked, waiting.writer, first_asid);
    machine.give_up_at(210, FourFaults::spent_from_104_to_210());
    machine.map_at(220, page_b, frame_b);
    machine.resume_at(220, machine.other_parked, other, other_asid);
    machine.retry_at(230, Outcome::minor_fault, spent({{Stage::run_queue_wait, 59}}));
    simulation.run();

    CHECK(machine.trap_cycles() == Numbers{104, 171});
    CHECK(machine.done_cycles() == Numbers{61, 210, 291});
    REQUIRE(machine.observer.translations.size() == 3);
    CHECK(machine.observer.translations[1].outcome == Outcome::invalid_fault);
    CHECK(machine.observer.translations[2].outcome == Outcome::minor_fault);
    CHECK(waiting.writer.stream.taken() == 1);
    CHECK(other.stream.taken() == 1);
    CHECK(machine.core.totals().accesses == 3);
    CHECK(machine.supervisor.ends == std::vector{Cycles{61}, Cycles{291}});
    CHECK(machine.sums_are_exact());
}

// Has the figures begin anew before the access of that number.
void measure_from(ParkingCore& machine, std::uint64_t number) {
    machine.observer.on_milestone = [&machine, number](std::uint64_t accesses) {
        if (accesses < number) {
            return std::optional{number};
        }
        machine.core.reset_statistics();
        return std::optional{RecordingObserver::never};
    };
}

TEST_CASE("what is parked when a measurement begins counts in it, with all of its latency") {
    Simulation simulation;
    ParkingCore machine(simulation);
    measure_from(machine, 2);
    machine.tables.map(page_b, frame_b);
    machine.tables.map(page_far, tests::frame_far);
    Program waiting({read_of(page_a), read_of(page_a + 8)});
    Program other({read_of(page_far), read_of(page_far), read_of(page_far)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked, &other);
    machine.map_at(200, page_a, frame_a);
    machine.resume_at(200, machine.parked, waiting, first_asid);
    machine.retry_at(210, Outcome::major_fault, spent_from_61_to_210());
    simulation.run();

    // The measurement begins at 127, with the other program's second access.
    const Totals totals = machine.core.totals();
    CHECK(totals.accesses == 1 + 2 + 1);
    CHECK(totals.translations == 4);
    CHECK(totals.retries == 1);
    CHECK(totals.cycles == Cycles{272 - 127});
    CHECK(machine.core.translations().latency().total() == Cycles{1 + 1 + 271 + 1});
    CHECK(machine.sums_are_exact());
}

TEST_CASE("what was resumed before a measurement begins does not count in it") {
    Simulation simulation;
    ParkingCore machine(simulation);
    measure_from(machine, 1);
    machine.tables.map(page_b, frame_b);
    Program waiting({read_of(page_a), read_of(page_a + 8)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked);
    machine.map_at(200, page_a, frame_a);
    machine.resume_at(200, machine.parked, waiting, first_asid);
    machine.retry_at(210, Outcome::major_fault, spent_from_61_to_210());
    simulation.run();

    CHECK(machine.core.totals().accesses == 1);
    CHECK(machine.core.totals().translations == 1);
    CHECK(machine.core.totals().cycles == Cycles{1});
    CHECK(machine.sums_are_exact());
}

TEST_CASE("what is given up after a measurement began is taken out of it") {
    Simulation simulation;
    ParkingCore machine(simulation, four_at_once());
    measure_from(machine, 6);
    FourFaults waiting(machine);
    machine.tables.map(page_far, tests::frame_far);
    Program other({read_of(page_far), read_of(page_far), read_of(page_far)});
    machine.park_at(110, machine.parked, &other);
    machine.resume_at(200, machine.parked, waiting.writer, first_asid);
    machine.give_up_at(210, FourFaults::spent_from_104_to_210());
    simulation.run();

    // One of the four writes, and two reads that hit in 171, of which one waits for the port.
    CHECK(machine.core.totals().accesses == 3);
    CHECK(machine.core.totals().translations == 3);
    CHECK(machine.core.totals().cycles == Cycles{210 - 171});
    CHECK(machine.core.translations().latency().total() == Cycles{210 - 100 + 1 + 2});
    CHECK(machine.sums_are_exact());
}

TEST_CASE("when the observer has stopped the core what is parked can be finished, and no more") {
    Simulation simulation;
    ParkingCore machine(simulation);
    machine.tables.map(page_b, frame_b);
    machine.tables.map(page_far, tests::frame_far);
    machine.observer.on_milestone = [](std::uint64_t accesses) {
        return accesses == 0 ? std::optional{std::uint64_t{2}} : std::nullopt;
    };
    Program waiting({read_of(page_a), read_of(page_a)});
    Program other({read_of(page_far), read_of(page_far)});
    machine.run(waiting, first_asid);
    machine.park_at(66, machine.parked, &other);
    machine.map_at(200, page_a, frame_a);
    machine.resume_at(200, machine.parked, waiting, first_asid);
    machine.retry_at(210, Outcome::major_fault, spent_from_61_to_210());
    simulation.run();

    CHECK(machine.observer.milestones == Numbers{0, 2});
    CHECK(machine.supervisor.stops == std::vector{Cycles{127}, Cycles{271}});
    CHECK(machine.supervisor.ends.empty());
    CHECK(machine.done_cycles() == Numbers{127, 271});
    CHECK(machine.core.totals().accesses == 2);
    CHECK(machine.sums_are_exact());
}

}  // namespace
}  // namespace mmusim::hw::parked_accesses_module_test
