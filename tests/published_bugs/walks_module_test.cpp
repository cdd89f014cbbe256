// SPDX-License-Identifier: Apache-2.0
// Walks that ended badly, or had company.
#include "tests/published_bugs/machine_module.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <vector>

namespace mmusim::hw::walks_module_test {
namespace {

using tests::FailingMemory;
using tests::Machine;
using tests::machine_memory_latency;
using tests::machine_walk_duration;
using tests::Machines;
using tests::PageTableImage;
using Row = tests::TranslationRequester::Row;
using Answer = tests::TranslationRequester::Answer;

constexpr VirtualAddress page{0x1234'5000};
constexpr VirtualAddress held_page{0x4567'8000};
constexpr PhysicalPageNumber frame{0x8'4000};
constexpr PhysicalPageNumber held_frame{0x8'5000};
constexpr PhysicalPageNumber other_frame{0x8'6000};
constexpr PhysicalPageNumber outside_memory{0xfff'ffff'ffff};

// openhwgroup/cva6#3486: a walk that faulted filled the TLB all the same.
TEST_CASE("published bug 11: a walk that faults leaves every TLB as it was") {
    struct Case {
        const char* what;
        unsigned level;
        std::uint64_t entry;
        Row row{};
    };
    const auto leaf = [](std::uint64_t bits) { return frame.value << 10U | bits; };
    const std::vector<Case> cases{
        {"nothing", 2, 0},
        {"nothing", 1, 0},
        {"nothing", 0, 0},
        {"V clear", 0, leaf(0xde)},
        {"W without R", 0, leaf(0xd5)},
        {"a reserved bit", 0, leaf(0xdf) | 1ULL << 54U},
        {"a reserved memory type", 0, leaf(0xdf) | 3ULL << 61U},
        {"a NAPOT code of another size", 0, leaf(0xdf) | PageTableEntry::napot_bit},
        {"a superpage with N", 1, leaf(0xdf) | PageTableEntry::napot_bit},
        {"a misaligned superpage", 1, leaf(0xdf) | 1ULL << 10U},
        {"a misaligned superpage", 2, leaf(0xdf) | 1ULL << 20U},
        {"a pointer at the last level", 0, leaf(0x01)},
        {"a pointer with A", 1, leaf(0x41)},
        {"a pointer out of the memory", 1, outside_memory.value << 10U | 1U},
        {"a supervisor's page", 0, leaf(0xcf)},
        {"a user's page for a supervisor", 0, leaf(0xdf), {.privilege = Privilege::supervisor}},
        {"a page without X", 0, leaf(0xd7), {.type = AccessType::fetch}},
        {"a page without W", 0, leaf(0xdb), {.type = AccessType::write}},
        {"a page without R", 0, leaf(0xd9)},
        {"A clear under Svade", 0, leaf(0x1f), {.hardware_ad_update = false}},
        {"D clear under Svade",
         0,
         leaf(0x5f),
         {.type = AccessType::write, .hardware_ad_update = false}},
    };
    Machines machines;
    std::vector<Machine<>*> swept;
    std::vector<std::vector<TlbArray::Entry>> before(cases.size());
    for (const Case& row : cases) {
        Machine<>& machine = machines.add({}, machine_memory_latency);
        const std::size_t number = swept.size();
        swept.push_back(&machine);
        machine.tables.map(held_page, held_frame);
        machine.tables.map(page, frame);
        machine.tables.write_entry(machine.tables.entry_address(page, row.level), {row.entry});
        Row faulting = row.row;
        faulting.issue = Cycles{100};
        faulting.address = page;
        machine.requester().offer({{.issue = {0}, .address = held_page}, faulting});
        machines.at(Cycles{99},
                    [&machine, &before, number] { before[number] = machine.entries(); });
    }
    machines.run();

    for (std::size_t number = 0; number < cases.size(); ++number) {
        CAPTURE(cases[number].what, cases[number].level);
        CHECK(swept[number]->answer(0, 1).fault);
        CHECK_FALSE(swept[number]->answer(0, 1).page);
        CHECK(before[number].size() == 2);
        CHECK((swept[number]->entries() == before[number]));
        CHECK(swept[number]->second.statistics().fills == 1);
    }
}

// chipsalliance/rocket-chip#2934, riscv-boom/riscv-boom#170 and #785, OpenXiangShan/XiangShan#3453.
TEST_CASE("published bug 16: memory that fails under a walk is an access fault and nobody hangs") {
    constexpr PageFlags accessed_clear{0x1f};
    constexpr std::array<AccessType, 3> types{AccessType::read, AccessType::write,
                                              AccessType::fetch};
    // Three reads, and the update of A and D.
    constexpr std::size_t transactions = 4;
    Machines<FailingMemory> machines;
    std::vector<Machine<FailingMemory>*> swept;
    for (const AccessType type : types) {
        for (std::size_t failing = 0; failing < transactions; ++failing) {
            Machine<FailingMemory>& machine =
                machines.add({.requesters = 2}, machine_memory_latency, failing);
            swept.push_back(&machine);
            machine.tables.map(page, frame, 0, accessed_clear);
            machine.tables.map(held_page, held_frame);
            machine.requester(0).offer(
                {{.type = type, .address = page}, {.type = type, .address = page}});
            machine.requester(1).offer({{.issue = {3}, .address = held_page}});
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(types.at(point / transactions), point % transactions);
        Machine<FailingMemory>& machine = *swept[point];
        REQUIRE(machine.requester(0).answers().size() == 2);
        REQUIRE(machine.requester(1).answers().size() == 1);
        CHECK(machine.answer(0, 0).fault == FaultCause::access_fault);
        CHECK(machine.answer(0, 1).page);
        CHECK(machine.answer(1, 0).page->physical_page == held_frame);
        CHECK(machine.walker.states().front() == WalkerState::idle);
    }
}

// bsc-loca/sargantana#112, openhwgroup/cva6#3475: the tag of a fill was taken from the present
// state of the hart, not from the request.
TEST_CASE(
    "published bug 20: a change of address space and privilege does not touch walks under way") {
    constexpr PhysicalPageNumber other_root{0x8'8000};
    constexpr Asid user_asid{1};
    constexpr Asid supervisor_asid{2};
    constexpr PageFlags users{0xdf};
    constexpr PageFlags supervisors{0xcf};
    const Row by_user{.issue = {0}, .address = page, .asid = user_asid};
    Machines machines;
    std::vector<Machine<>*> swept;
    for (const bool one_first_tlb : {false, true}) {
        for (const std::uint32_t walkers : {1U, 2U}) {
            for (std::uint64_t offset = 0; offset <= machine_walk_duration.value + 1; ++offset) {
                Machine<>& machine = machines.add({.requesters = 2,
                                                   .one_first_tlb = one_first_tlb,
                                                   .first = {.mshrs = 2, .ports = 2},
                                                   .walker = {.count = walkers,
                                                              .start_cycles = {1},
                                                              .step_cycles = {1},
                                                              .finish_cycles = {2}}},
                                                  machine_memory_latency);
                swept.push_back(&machine);
                const Row by_supervisor{.issue = Cycles{offset},
                                        .address = page,
                                        .asid = supervisor_asid,
                                        .privilege = Privilege::supervisor,
                                        .root = other_root};
                machine.tables.map(page, frame, 0, users);
                PageTableImage others(machine.memory.image(), PagingMode::sv39, other_root);
                others.map(page, other_frame, 0, supervisors);
                machine.requester(0).offer({by_user, by_user});
                machine.requester(1).offer({by_supervisor, by_supervisor});
            }
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point);
        Machine<>& machine = *swept[point];
        for (const std::size_t number : {0U, 1U}) {
            REQUIRE(machine.answer(0, number).page);
            CHECK(machine.answer(0, number).page->physical_page == frame);
            REQUIRE(machine.answer(1, number).page);
            CHECK(machine.answer(1, number).page->physical_page == other_frame);
        }
        CHECK(machine.entries().size() == 4);
        for (const TlbArray::Entry& entry : machine.entries()) {
            CHECK((entry.page.physical_page == frame) == (entry.asid == user_asid));
            CHECK((entry.page.physical_page == other_frame) == (entry.asid == supervisor_asid));
        }
    }
}

// gem5/gem5#2355, #2454 and #2474: after a fault at the first check the queue of walks stood still.
TEST_CASE("published bug 21: a fault at the first check lets the walks behind it go on") {
    constexpr VirtualAddress not_canonical{0x40'0000'0000};
    constexpr VirtualAddress without_root_entry{0x3f'0000'0000};
    constexpr unsigned requesters = 3;
    Machines machines;
    std::vector<Machine<>*> swept;
    for (const VirtualAddress bad : {not_canonical, without_root_entry}) {
        for (unsigned faulting = 0; faulting < requesters; ++faulting) {
            for (const std::uint64_t distance : {0U, 1U, 4U, 9U}) {
                Machine<>& machine =
                    machines.add({.requesters = requesters}, machine_memory_latency);
                swept.push_back(&machine);
                for (unsigned number = 0; number < requesters; ++number) {
                    const VirtualAddress good = page + number * page_bytes;
                    machine.tables.map(good, frame + number);
                    // Nothing comes later that could wake the queue.
                    machine.requester(number).offer({{.issue = {number * distance},
                                                      .address = number == faulting ? bad : good}});
                }
            }
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point);
        Machine<>& machine = *swept[point];
        unsigned faults = 0;
        for (unsigned number = 0; number < requesters; ++number) {
            REQUIRE(machine.requester(number).answers().size() == 1);
            const Answer& answer = machine.answer(number, 0);
            faults += answer.fault ? 1 : 0;
            CHECK((answer.fault || answer.page->physical_page == frame + number));
        }
        CHECK(faults == 1);
        CHECK(machine.walker.statistics().faulted == 1);
        CHECK(machine.walker.states().front() == WalkerState::idle);
    }
}

// riscvarchive/riscv-qemu#105, riscv/riscv-isa-manual#1786: setting A or D without atomicity
// brought back an entry that another hart had just removed. There is one hart here; the other one
// is whoever writes between the walk's read and its update.
TEST_CASE("published bug 27: setting A or D never brings back an entry that somebody has changed") {
    struct Case {
        const char* what;
        std::uint64_t written;
        bool faults;
    };
    constexpr PageFlags dirty_clear{0x5f};
    constexpr PageFlags both_clear{0x1f};
    const auto leaf = [](PhysicalPageNumber where, std::uint64_t bits) {
        return where.value << 10U | bits;
    };
    const std::vector<Case> cases{
        {"removed", 0, true},
        {"V cleared", leaf(frame, 0x1e), true},
        {"turned to another frame", leaf(other_frame, 0x1f), false},
        {"turned to another frame, used already", leaf(other_frame, 0xdf), false},
        {"R and W taken away", leaf(frame, 0x19), true},
        {"the user's right taken away", leaf(frame, 0x0f), true},
        {"A and D set by the other", leaf(frame, 0xdf), false},
        {"the software's bits changed", leaf(frame, 0x31f), false},
    };
    struct Point {
        Machine<>& machine;
        PhysicalAddress where;
        const Case& row;
        AccessType type;
    };
    Machines machines;
    std::vector<Point> swept;
    for (const Case& row : cases) {
        for (const unsigned level : {0U, 1U}) {
            for (const AccessType type : {AccessType::read, AccessType::write}) {
                // Whether a TLB holds the page with D clear, so that a store sets it afterwards.
                for (const bool held : {false, true}) {
                    if (held && type == AccessType::read) {
                        continue;
                    }
                    Machine<>& machine = machines.add({}, machine_memory_latency);
                    const std::size_t reads = 3 - level;
                    const VirtualAddress address{0x4000'0000};
                    const PhysicalAddress where =
                        machine.tables.map(address, frame, level, held ? dirty_clear : both_clear);
                    swept.push_back({machine, where, row, type});
                    machine.memory.before_transaction(
                        held ? 2 * reads : reads, [&machine, where, &row] {
                            machine.tables.write_entry(where, {row.written});
                        });
                    if (held) {
                        machine.requester().offer({{.address = address}});
                    }
                    machine.requester().offer({{.type = type, .address = address}});
                }
            }
        }
    }
    machines.run();

    for (std::size_t number = 0; number < swept.size(); ++number) {
        const Point& point = swept[number];
        const Case& row = point.row;
        CAPTURE(number, row.what, point.type);
        const Answer& answer = point.machine.requester().answers().back();
        const PageTableEntry written{row.written};
        const std::uint64_t kept = point.machine.tables.entry_at(point.where).raw;
        if (row.faults) {
            CHECK(answer.fault == FaultCause::page_fault);
            CHECK(kept == row.written);
            continue;
        }
        REQUIRE(answer.page);
        CHECK(answer.page->physical_page == written.page_number());
        CHECK(kept == written.with_flags(flags_after(written.flags(), point.type).bits).raw);
    }
}

}  // namespace
}  // namespace mmusim::hw::walks_module_test
