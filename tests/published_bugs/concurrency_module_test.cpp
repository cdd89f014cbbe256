// SPDX-License-Identifier: Apache-2.0
// Misses that met each other.
#include "hw/base/random.hpp"
#include "tests/published_bugs/machine_module.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::hw::concurrency_module_test {
namespace {

using tests::Machine;
using tests::machine_memory_latency;
using tests::machine_walk_duration;
using tests::Machines;
using tests::StallingMemory;
using Answer = tests::TranslationRequester::Answer;

constexpr VirtualAddress code_page{0x1234'5000};
constexpr VirtualAddress data_page{0x4567'8000};
constexpr PhysicalPageNumber code_frame{0x8'4000};
constexpr PhysicalPageNumber data_frame{0x8'5000};

// openhwgroup/cvw#392 and #1538: of a fetch and a store that missed one after the other, one was
// lost.
TEST_CASE("published bug 18: a fetch and a store that miss at any distance are both made once") {
    constexpr PageFlags dirty_clear{0x5f};
    Machines machines;
    std::vector<Machine<>*> swept;
    for (const bool fetch_is_first : {true, false}) {
        for (std::uint64_t offset = 0; offset <= 2 * machine_walk_duration.value; ++offset) {
            Machine<>& machine = machines.add({.requesters = 2}, machine_memory_latency);
            swept.push_back(&machine);
            machine.tables.map(code_page, code_frame);
            machine.tables.map(data_page, data_frame, 0, dirty_clear);
            const Cycles fetch_issue{fetch_is_first ? 0 : offset};
            const Cycles store_issue{fetch_is_first ? offset : 0};
            machine.requester(0).offer(
                {{.issue = fetch_issue, .type = AccessType::fetch, .address = code_page}});
            machine.requester(1).offer(
                {{.issue = store_issue, .type = AccessType::write, .address = data_page}});
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point);
        Machine<>& machine = *swept[point];
        REQUIRE(machine.requester(0).answers().size() == 1);
        REQUIRE(machine.requester(1).answers().size() == 1);
        REQUIRE(machine.answer(0, 0).page);
        CHECK(machine.answer(0, 0).page->physical_page == code_frame);
        REQUIRE(machine.answer(1, 0).page);
        CHECK(machine.answer(1, 0).page->physical_page == data_frame);
        CHECK(machine.tables.entry_at(machine.tables.entry_address(data_page, 0)).flags().dirty());
        CHECK(machine.walker.statistics().completed == 2);
        CHECK(machine.walker.statistics().ad_updates == 1);
        CHECK(machine.memory.transactions().size() == 3 + 3 + 1);
    }
}

// gem5/gem5#484 and PR #610: one miss was counted twice.
TEST_CASE("published bug 22: every lookup and every walk is counted once whoever it meets") {
    enum class Meets { same_page, other_page, page_that_faults };
    struct Point {
        Machine<>& machine;
        Meets meets;
        bool fenced;
    };
    constexpr PageFlags nothing{0};
    Machines machines;
    std::vector<Point> swept;
    for (const Meets meets : {Meets::same_page, Meets::other_page, Meets::page_that_faults}) {
        for (const bool fenced : {false, true}) {
            for (std::uint64_t offset = 0; offset <= machine_walk_duration.value + 1; ++offset) {
                Machine<>& machine = machines.add({.requesters = 2}, machine_memory_latency);
                swept.push_back({machine, meets, fenced});
                machine.tables.map(code_page, code_frame);
                machine.tables.map(data_page, data_frame);
                if (meets == Meets::page_that_faults) {
                    machine.tables.map(code_page, code_frame, 0, nothing);
                }
                machine.requester(0).offer({{.address = code_page}});
                machine.requester(1).offer(
                    {{.issue = {offset},
                      .address = meets == Meets::other_page ? data_page : code_page}});
                if (fenced) {
                    // Before the last read of the first walk.
                    machines.at(Cycles{14}, [&machine] { machine.fence({.address = code_page}); });
                }
            }
        }
    }
    machines.run();

    for (std::size_t number = 0; number < swept.size(); ++number) {
        CAPTURE(number);
        const auto& [machine, meets, fenced] = swept[number];
        const bool faults = meets == Meets::page_that_faults;
        for (const std::size_t requester : {0U, 1U}) {
            REQUIRE(machine.answer(requester, 0).fault.has_value() == faults);
            const TlbStatistics first = machine.first(requester).statistics();
            CHECK(first.lookups == 1);
            CHECK(first.hits == 0);
            CHECK(first.misses == 1);
            CHECK(first.fills == (faults ? 0 : 1));
        }
        const TlbStatistics second = machine.second.statistics();
        const WalkerStatistics walked = machine.walker.statistics();
        CHECK(second.lookups == 2);
        CHECK(second.hits + second.misses == 2);
        CHECK(second.fills == walked.completed);
        if (meets == Meets::same_page) {
            CHECK(second.hits + second.mshr_merges == 1);
        }
        CHECK(walked.completed == (faults ? 0 : meets == Meets::same_page ? 1 : 2));
        CHECK(walked.faulted == (faults ? 2 : 0));
        CHECK(walked.squashed == (fenced ? 1 : 0));
        CHECK(walked.walks == walked.completed + walked.faulted + walked.squashed);
        CHECK(second.misses == walked.walks + second.mshr_merges - walked.rewalks);
    }
}

// ChampSim/ChampSim#431: with several walks under way an answer was given to the wrong one, and the
// one that waited for it waited for ever.
TEST_CASE("published bug 23: of many walks under way each gets its own answer") {
    constexpr unsigned requesters = 6;
    constexpr std::uint64_t rounds = 100;
    constexpr std::uint64_t pages = 5;
    Random random(23);
    std::vector<MemoryTiming> timings;
    for (unsigned number = 0; number < 997; ++number) {
        timings.push_back({.wait = {random.below(20)}, .service = {random.below(20)}});
    }
    Machines<StallingMemory> machines;
    std::vector<Machine<StallingMemory>*> swept;
    std::vector<std::uint64_t> asked;  // of one machine after the other
    for (const bool one_first_tlb : {false, true}) {
        for (const std::uint32_t registers : {1U, 2U, 4U}) {
            // So small that nearly everything misses.
            Machine<StallingMemory>& machine = machines.add(
                {.requesters = requesters,
                 .one_first_tlb = one_first_tlb,
                 .first = {.sets = 1, .ways = 1, .hit_latency_cycles = {1}, .mshrs = registers},
                 .second = {.sets = 1, .ways = 2, .hit_latency_cycles = {3}, .mshrs = registers},
                 .walker = {.count = 3}},
                timings);
            swept.push_back(&machine);
            for (std::uint64_t number = 0; number < pages; ++number) {
                machine.tables.map(code_page + number * page_bytes, code_frame + number);
            }
            for (unsigned number = 0; number < requesters; ++number) {
                for (std::uint64_t round = 0; round < rounds; ++round) {
                    asked.push_back(random.below(pages));
                    const VirtualAddress address = code_page + asked.back() * page_bytes;
                    machine.requester(number).offer(
                        {{.address = address + random.below(page_bytes)}});
                }
            }
        }
    }
    machines.run();

    auto next_asked = asked.begin();
    for (Machine<StallingMemory>* const machine : swept) {
        std::uint64_t merges = machine->second.statistics().mshr_merges;
        for (std::size_t number = 0; number < machine->first_count(); ++number) {
            merges += machine->first(number).statistics().mshr_merges;
        }
        CHECK(merges > rounds / 10);
        for (unsigned number = 0; number < requesters; ++number) {
            REQUIRE(machine->requester(number).answers().size() == rounds);
            for (std::uint64_t round = 0; round < rounds; ++round) {
                const Answer& answer = machine->requester(number).answers().at(round);
                CAPTURE(number, round);
                REQUIRE(answer.page);
                REQUIRE(answer.page->physical_page == code_frame + *next_asked++);
                REQUIRE(answer.duration() == answer.latency.total());
            }
        }
    }
}

}  // namespace
}  // namespace mmusim::hw::concurrency_module_test
