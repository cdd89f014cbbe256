// SPDX-License-Identifier: Apache-2.0
// What a TLB kept of a walk, and how it judged later accesses by that.
#include "hw/walker/plain_walk.hpp"
#include "tests/published_bugs/machine_module.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <optional>
#include <vector>

namespace mmusim::hw::hits_module_test {
namespace {

using tests::Machine;
using tests::machine_memory_latency;
using tests::machine_walk_duration;
using tests::MachineParameters;
using tests::Machines;
using Row = tests::TranslationRequester::Row;
using Answer = tests::TranslationRequester::Answer;

constexpr std::array<PagingMode, 4> all_modes{PagingMode::sv32, PagingMode::sv39, PagingMode::sv48,
                                              PagingMode::sv57};

// OpenXiangShan/XiangShan#5087: the level of a leaf was written too small. It cost hits only, until
// a fence missed the entry.
TEST_CASE("published bug 7: what a TLB keeps has the size of its leaf until a fence removes it") {
    struct Point {
        Machine<>& machine;
        VirtualAddress address;
        PageSize size;
    };
    Machines machines;
    std::vector<Point> swept;
    for (const PagingMode mode : all_modes) {
        for (unsigned level = 0; level < format_of(mode).levels; ++level) {
            const PageSize size = format_of(mode).page_size_at(level);
            const VirtualAddress first{level + 1 == format_of(mode).levels ? 0 : size.bytes()};
            const VirtualAddress last = first + (size.bytes() - 8);
            Machine<>& machine = machines.add({.paging = {.mode = mode}}, machine_memory_latency);
            swept.push_back({machine, first, size});
            machine.tables.map(first, {0}, level);
            // A walk, a hit at the other end, a hit that is denied.
            machine.requester().offer(
                {{.issue = {0}, .address = last},
                 {.issue = {100}, .address = first},
                 {.issue = {200}, .address = first, .privilege = Privilege::supervisor}});
            machines.at(Cycles{300}, [&machine, last] { machine.fence({.address = last}); });
        }
    }
    std::vector<std::vector<TlbArray::Entry>> held_before_the_fence(swept.size());
    for (std::size_t number = 0; number < swept.size(); ++number) {
        machines.simulation().observe(Cycles{299}, [number, &swept, &held_before_the_fence] {
            held_before_the_fence[number] = swept[number].machine.entries();
        });
    }
    machines.run();

    for (std::size_t number = 0; number < swept.size(); ++number) {
        Point& point = swept[number];
        CAPTURE(number, point.size);
        CHECK(point.machine.answer(0, 1).levels == 1);
        CHECK(point.machine.answer(0, 2).fault == FaultCause::page_fault);
        CHECK(point.machine.answer(0, 2).levels == 1);
        REQUIRE(held_before_the_fence[number].size() == 2);
        for (const TlbArray::Entry& entry : held_before_the_fence[number]) {
            CHECK(entry.page.size == point.size);
            CHECK(entry.virtual_page == page_number_of(point.address));
        }
        CHECK(point.machine.entries().empty());
    }
}

// Each way to make an access that the flags of a leaf decide on.
std::vector<Row> every_request(VirtualAddress address) {
    std::vector<Row> rows;
    for (const AccessType type : {AccessType::read, AccessType::write, AccessType::fetch}) {
        for (const Privilege privilege : {Privilege::user, Privilege::supervisor}) {
            for (const bool sum : {false, true}) {
                for (const bool mxr : {false, true}) {
                    rows.push_back({.type = type,
                                    .address = address,
                                    .hardware_ad_update = false,
                                    .privilege = privilege,
                                    .supervisor_user_memory = sum,
                                    .make_executable_readable = mxr});
                }
            }
        }
    }
    return rows;
}

TranslationRequest request_of(const Row& row) {
    return {.address = row.address,
            .type = row.type,
            .context = {.root = Machine<>::root,
                        .asid = row.asid,
                        .privilege = row.privilege,
                        .supervisor_user_memory = row.supervisor_user_memory,
                        .make_executable_readable = row.make_executable_readable,
                        .hardware_ad_update = row.hardware_ad_update}};
}

std::optional<PhysicalPageNumber> frame_of(const Answer& answer) {
    return answer.page ? std::optional{answer.page->physical_page} : std::nullopt;
}

std::optional<PhysicalPageNumber> frame_of(const PlainWalk& walk) {
    return walk.walked ? std::optional{walk.walked->page.physical_page} : std::nullopt;
}

// The first request that these flags let through, D or not.
std::optional<Row> permitted_request(PageFlags flags, VirtualAddress address) {
    for (const Row& row : every_request(address)) {
        const bool reads = row.type != AccessType::write;
        if (reads && permits(flags, request_of(row))) {
            return row;
        }
    }
    return std::nullopt;
}

// openhwgroup/cva6#3426: the same access had another cause on a hit than on a miss.
TEST_CASE("published bug 17: an access is judged on a hit as on a miss") {
    Machines machines;
    Machine<>& warm = machines.add({}, machine_memory_latency);
    Machine<>& cold = machines.add({}, machine_memory_latency);
    std::vector<Row> rows;
    std::vector<bool> expects_hit;
    std::uint64_t number = 0;
    for (unsigned bits = 0; bits < 256; ++bits) {
        const PageFlags flags{static_cast<std::uint8_t>(bits)};
        const bool well_formed = flags.valid() && flags.accessed() && !flags.global() &&
                                 (flags.readable() || !flags.writable());
        const VirtualAddress address{0x1000'0000 + ++number * page_bytes};
        const std::optional<Row> filling = permitted_request(flags, address);
        if (!well_formed || !filling) {
            continue;
        }
        for (Machine<>* const machine : {&warm, &cold}) {
            machine->tables.map(address, {0x8'4000 + number}, 0, flags);
        }
        rows.push_back(*filling);
        expects_hit.push_back(false);
        for (const Row& row : every_request(address)) {
            rows.push_back(row);
            expects_hit.push_back(true);
        }
    }
    warm.requester().offer(rows);
    machines.run();

    REQUIRE(warm.requester().answers().size() == rows.size());
    CHECK(rows.size() > 300);
    for (std::size_t asked = 0; asked < rows.size(); ++asked) {
        const Answer& hit = warm.answer(0, asked);
        const PlainWalk miss = walk_plainly({}, request_of(rows[asked]), cold.memory.image());
        CAPTURE(asked, rows[asked].address, rows[asked].type, rows[asked].privilege,
                rows[asked].supervisor_user_memory, rows[asked].make_executable_readable);
        REQUIRE((hit.levels == 1) == expects_hit[asked]);
        REQUIRE(frame_of(hit) == frame_of(miss));
        REQUIRE(hit.fault.has_value() == miss.fault.has_value());
        if (hit.fault) {
            REQUIRE(*hit.fault == miss.fault->cause);
        }
    }
}

// riscv-boom/riscv-boom#664: the protection check used the page that was being filled instead of
// the page that hit. There is no PMP here; the like are frame and rights.
TEST_CASE("published bug 26: a hit in the cycle of a fill is not answered with what is filled") {
    constexpr VirtualAddress filled{0x1234'5000};
    constexpr VirtualAddress hit{0x4567'8000};
    constexpr PhysicalPageNumber filled_frame{0x8'4000};
    constexpr PhysicalPageNumber hit_frame{0x8'5000};
    constexpr PageFlags read_only{0x53};
    constexpr std::uint64_t start = 100;
    const MachineParameters parameters{
        .requesters = 2,
        .one_first_tlb = true,
        .first = {.sets = 1, .ways = 4, .hit_latency_cycles = {1}, .ports = 2}};
    Machines machines;
    std::vector<Machine<>*> swept;
    for (std::uint64_t offset = 0; offset <= machine_walk_duration.value + 1; ++offset) {
        Machine<>& machine = machines.add(parameters, machine_memory_latency);
        swept.push_back(&machine);
        machine.tables.map(filled, filled_frame);
        machine.tables.map(hit, hit_frame, 0, read_only);
        machine.requester(0).offer(
            {{.issue = {start}, .address = filled},
             {.issue = {start}, .type = AccessType::write, .address = filled}});
        machine.requester(1).offer(
            {{.issue = {0}, .address = hit},
             {.issue = {start + offset}, .address = hit},
             {.issue = {start + offset}, .type = AccessType::write, .address = hit}});
    }
    machines.run();

    for (std::size_t offset = 0; offset < swept.size(); ++offset) {
        CAPTURE(offset);
        Machine<>& machine = *swept[offset];
        CHECK(machine.answer(0, 0).page->physical_page == filled_frame);
        CHECK(machine.answer(0, 0).duration() == machine_walk_duration);
        CHECK(machine.answer(0, 1).page->physical_page == filled_frame);
        CHECK(machine.answer(1, 1).page->physical_page == hit_frame);
        CHECK(machine.answer(1, 1).page->flags == read_only);
        CHECK(machine.answer(1, 1).duration() == Cycles{1});
        CHECK(machine.answer(1, 2).fault == FaultCause::page_fault);
    }
}

// riscv-software-src/riscv-isa-sim#746 and #709: what was filled for a load under another privilege
// let a fetch through. There are no MPRV and HLVX here; the like are SUM, MXR, U and X.
TEST_CASE("published bug 28: who filled a page lends no rights to who uses it") {
    constexpr VirtualAddress address{0x1234'5000};
    struct Case {
        const char* what;
        PageFlags flags;
        Row fills;
        Row uses;
    };
    constexpr auto user = Privilege::user;
    constexpr auto supervisor = Privilege::supervisor;
    constexpr auto read = AccessType::read;
    constexpr auto write = AccessType::write;
    constexpr auto fetch = AccessType::fetch;
    const std::vector<Case> cases{
        {"a supervisor's page by a user", {0xcf}, {.privilege = supervisor}, {.privilege = user}},
        {"a user's page by a supervisor without SUM",
         {0xdf},
         {.privilege = user},
         {.privilege = supervisor}},
        {"a user's page by a supervisor when SUM is clear again",
         {0xdf},
         {.privilege = supervisor, .supervisor_user_memory = true},
         {.privilege = supervisor}},
        {"a user's page by a supervisor's fetch, with SUM",
         {0xdf},
         {.privilege = supervisor, .supervisor_user_memory = true},
         {.type = fetch, .privilege = supervisor, .supervisor_user_memory = true}},
        {"a page that was read by a fetch", {0xd7}, {.type = read}, {.type = fetch}},
        {"a page that was fetched by a read", {0xd9}, {.type = fetch}, {.type = read}},
        {"a page that was read with MXR when MXR is clear again",
         {0xd9},
         {.type = read, .make_executable_readable = true},
         {.type = read}},
        {"a page that was read with MXR by a write",
         {0xd9},
         {.type = read, .make_executable_readable = true},
         {.type = write, .make_executable_readable = true}},
        {"a page that was read by a write", {0xd3}, {.type = read}, {.type = write}},
    };
    Machines machines;
    std::vector<Machine<>*> swept;
    constexpr std::uint64_t points = machine_walk_duration.value + 3;
    for (const Case& row : cases) {
        for (std::uint64_t offset = 0; offset < points; ++offset) {
            Machine<>& machine =
                machines.add({.requesters = 2, .one_first_tlb = true, .first = {.mshrs = 2}},
                             machine_memory_latency);
            swept.push_back(&machine);
            machine.tables.map(address, {0x8'4000}, 0, row.flags);
            Row fills = row.fills;
            fills.address = address;
            Row uses = row.uses;
            uses.address = address;
            uses.issue = Cycles{offset};
            machine.requester(0).offer({fills});
            machine.requester(1).offer({uses});
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(cases[point / points].what, point % points);
        CHECK(swept[point]->answer(0, 0).page);
        CHECK(swept[point]->answer(1, 0).fault == FaultCause::page_fault);
    }
}

}  // namespace
}  // namespace mmusim::hw::hits_module_test
