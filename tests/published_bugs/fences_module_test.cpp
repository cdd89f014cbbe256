// SPDX-License-Identifier: Apache-2.0
// Fences that came while lookups, walks and fills were under way. Each point of a sweep is a
// machine of its own; the offset is that of the fence from the issue of the request.
#include "tests/published_bugs/machine_module.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

namespace mmusim::hw::fences_module_test {
namespace {

using tests::Machine;
using tests::machine_memory_latency;
using tests::machine_walk_duration;
using tests::MachineParameters;
using tests::Machines;
using tests::StallingMemory;

constexpr VirtualAddress page{0x1234'5000};
constexpr VirtualAddress neighbour{0x1234'6000};
constexpr VirtualAddress far_page{0x4567'8000};
constexpr PhysicalPageNumber old_frame{0x8'4000};
constexpr PhysicalPageNumber new_frame{0x8'5000};
constexpr PhysicalPageNumber other_frame{0x8'6000};
constexpr PhysicalPageNumber new_table{0x8'8000};
constexpr PageFlags private_page{0xdf};
constexpr PageFlags global_page{0xff};
constexpr Asid own_asid{1};
constexpr Asid other_asid{2};

constexpr std::uint64_t start = 200;
// Longer than a walk that is squashed at its end.
constexpr std::uint64_t later = start + 100;
constexpr std::uint64_t last_offset = machine_walk_duration.value + 2;

// chipsalliance/rocket-chip#2534: a selective fence came in the cycle of a refill.
TEST_CASE("published bug 1: a refill does not survive a fence by address at any of its cycles") {
    // The second TLB has the page, or nobody has; the first one has let go of it.
    const MachineParameters parameters{.first = {.sets = 1, .ways = 1, .hit_latency_cycles = {1}}};
    Machines machines;
    std::vector<Machine<>*> swept;
    for (const bool refilled_by_walk : {false, true}) {
        for (const std::optional<Asid> asid : {std::optional<Asid>{}, std::optional{own_asid}}) {
            for (std::uint64_t offset = 0; offset <= last_offset; ++offset) {
                Machine<>& machine = machines.add(parameters, machine_memory_latency);
                swept.push_back(&machine);
                machine.tables.map(page, old_frame);
                machine.tables.map(far_page, other_frame);
                if (!refilled_by_walk) {
                    machine.requester().offer(
                        {{.issue = {0}, .address = page, .asid = own_asid},
                         {.issue = {100}, .address = far_page, .asid = own_asid}});
                }
                machine.requester().offer(
                    {{.issue = {start}, .address = page, .asid = own_asid},
                     {.issue = {later}, .address = page + 8, .asid = own_asid}});
                machines.at(Cycles{start + offset}, [&machine, asid] {
                    machine.tables.map(page, new_frame);
                    machine.fence({.address = page + 0xff8, .asid = asid});
                });
            }
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point, point % (last_offset + 1));
        Machine<>& machine = *swept[point];
        CHECK(machine.requester().answers().back().page->physical_page == new_frame);
        CHECK_FALSE(machine.holds_frame(old_frame));
    }
}

// chipsalliance/rocket-chip#1527: the walk caches were filled although a fence had come mid-walk.
TEST_CASE("published bug 2: a walk cache keeps no pointer that was read before a fence") {
    struct Row {
        WalkCacheKind kind;
        std::optional<Asid> fenced;
        Asid asks_later;
    };
    // The last rows: another address space shares the tables, and only that one is fenced.
    const std::vector<Row> rows{
        {WalkCacheKind::per_level, std::nullopt, own_asid},
        {WalkCacheKind::per_level, own_asid, own_asid},
        {WalkCacheKind::entries, std::nullopt, own_asid},
        {WalkCacheKind::entries, own_asid, own_asid},
        {WalkCacheKind::per_level, other_asid, other_asid},
        {WalkCacheKind::entries, other_asid, other_asid},
    };
    Machines machines;
    std::vector<Machine<>*> swept;
    for (const Row& row : rows) {
        for (std::uint64_t offset = 0; offset <= last_offset; ++offset) {
            Machine<>& machine = machines.add({.walk_cache = {.enabled = true, .kind = row.kind}},
                                              machine_memory_latency);
            swept.push_back(&machine);
            machine.tables.map(page, old_frame);
            const PhysicalAddress leaf = machine.tables.map(neighbour, old_frame + 1);
            machine.tables.write_entry(new_table.address() + leaf.page_offset(),
                                       PageTableEntry::make(new_frame + 1, private_page));
            machine.requester().offer(
                {{.issue = {start}, .address = page, .asid = own_asid},
                 {.issue = {later}, .address = neighbour, .asid = row.asks_later}});
            machines.at(Cycles{start + offset}, [&machine, &row] {
                machine.tables.write_entry(machine.tables.entry_address(page, 1),
                                           PageTableEntry::make(new_table, {PageFlags::valid_bit}));
                machine.fence({.asid = row.fenced});
            });
        }
    }
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point / (last_offset + 1), point % (last_offset + 1));
        CHECK(swept[point]->answer(0, 1).page->physical_page == new_frame + 1);
    }
}

// OpenXiangShan/XiangShan#760 and #761: a fence came to the walker and to the TLBs in different
// cycles.
TEST_CASE("published bug 3: a request of the fence's own cycle is made after it everywhere") {
    Machines machines;
    std::vector<Machine<>*> swept;
    std::array<int, 3> order{0, 1, 2};
    do {
        for (std::uint64_t offset = 0; offset <= last_offset; ++offset) {
            Machine<>& machine = machines.add({.requesters = 2}, machine_memory_latency);
            swept.push_back(&machine);
            machine.tables.map(page, old_frame);
            machine.requester(0).offer({{.issue = {start}, .address = page}});
            machine.requester(1).offer({{.issue = {start + offset}, .address = page}});
            machines.at(Cycles{start + offset}, [&machine, order] {
                machine.tables.map(page, new_frame);
                const std::array<FenceTarget*, 3> parts{&machine.first(1), &machine.second,
                                                        &machine.walker};
                machine.first(0).fence({.address = page});
                for (const int part : order) {
                    parts.at(static_cast<std::size_t>(part))->fence({.address = page});
                }
            });
        }
    } while (std::next_permutation(order.begin(), order.end()));
    machines.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point / (last_offset + 1), point % (last_offset + 1));
        CHECK(swept[point]->answer(1, 0).page->physical_page == new_frame);
        CHECK(swept[point]->answer(0, 0).page);
        CHECK_FALSE(swept[point]->holds_frame(old_frame));
    }
}

// openhwgroup/cva6#324 and #364: the ASID of satp was fenced in the place of the operand's, and
// global pages with it.
TEST_CASE("published bug 8: a fence names the address space of its operand whoever is running") {
    Machines machines;
    std::vector<Machine<>*> swept;
    for (std::uint64_t offset = 0; offset <= last_offset; ++offset) {
        Machine<>& machine = machines.add({}, machine_memory_latency);
        swept.push_back(&machine);
        machine.tables.map(page, old_frame);
        machine.tables.map(far_page, other_frame);
        machine.tables.map(neighbour, old_frame + 1, 0, global_page);
        machine.requester().offer({{.issue = {0}, .address = page, .asid = other_asid},
                                   {.issue = {50}, .address = page, .asid = own_asid},
                                   {.issue = {100}, .address = neighbour, .asid = other_asid},
                                   {.issue = {start}, .address = far_page, .asid = own_asid}});
        machines.at(Cycles{start + offset}, [&machine] { machine.fence({.asid = other_asid}); });
    }
    machines.run();

    using Held = std::multiset<std::pair<VirtualPageNumber, Asid>>;
    Held expected;
    for (int level = 0; level < 2; ++level) {
        expected.insert({page_number_of(page), own_asid});
        expected.insert({page_number_of(far_page), own_asid});
        expected.insert({page_number_of(neighbour), Asid{0}});  // global pages have no ASID
    }
    for (std::size_t offset = 0; offset < swept.size(); ++offset) {
        CAPTURE(offset);
        Held held;
        for (const TlbArray::Entry& entry : swept[offset]->entries()) {
            held.insert({entry.virtual_page, entry.asid});
        }
        CHECK((held == expected));
        CHECK(swept[offset]->walker.statistics().squashed == 0);
        CHECK(swept[offset]->answer(0, 3).duration() == machine_walk_duration);
    }
}

// What a fence names, by the words of the specification.
struct HeldPage {
    VirtualAddress address;
    Asid asid;
    bool global = false;

    [[nodiscard]] bool named_by(const Fence& fence) const {
        const bool here =
            !fence.address || page_number_of(*fence.address) == page_number_of(address);
        const bool ours = !fence.asid || (!global && *fence.asid == asid);
        return here && ours;
    }
};

// openhwgroup/cva6#3307: the selector of a fence's operands was that of the fence before.
TEST_CASE("published bug 9: of two fences back to back each has its own operands") {
    const std::vector<HeldPage> pages{{page, own_asid},
                                      {page, other_asid},
                                      {neighbour, own_asid},
                                      {neighbour, other_asid},
                                      {far_page, own_asid, true}};
    const std::vector<Fence> fences{{.address = page},
                                    {.asid = own_asid},
                                    {.address = neighbour, .asid = own_asid},
                                    {.address = neighbour, .asid = other_asid},
                                    {.address = far_page},
                                    {.address = far_page, .asid = own_asid},
                                    {.address = page, .asid = Asid{3}},
                                    {}};
    struct Point {
        Machine<>& machine;
        Fence first;
        Fence second;
    };
    Machines machines;
    std::vector<Point> swept;
    for (const Fence& first : fences) {
        for (const Fence& second : fences) {
            for (const std::uint64_t distance : {0U, 1U}) {
                Machine<>& machine = machines.add({}, machine_memory_latency);
                swept.push_back({machine, first, second});
                for (const HeldPage& held : pages) {
                    machine.tables.map(held.address, old_frame, 0,
                                       held.global ? global_page : private_page);
                    machine.requester().offer({{.address = held.address, .asid = held.asid}});
                }
                machines.at(Cycles{start}, [&machine, first] { machine.fence(first); });
                machines.at(Cycles{start + distance},
                            [&machine, second] { machine.fence(second); });
            }
        }
    }
    machines.run();

    for (std::size_t number = 0; number < swept.size(); ++number) {
        CAPTURE(number);
        Point& point = swept[number];
        for (const HeldPage& held : pages) {
            const bool named = held.named_by(point.first) || held.named_by(point.second);
            for (const TlbModule* const tlb : {&point.machine.first(), &point.machine.second}) {
                const std::vector<TlbArray::Entry> entries = tlb->array().entries();
                const auto found = std::count_if(
                    entries.begin(), entries.end(), [&held](const TlbArray::Entry& entry) {
                        return entry.virtual_page == page_number_of(held.address) &&
                               (held.global || entry.asid == held.asid);
                    });
                CAPTURE(held.address, held.asid.value);
                CHECK(found == (named ? 0 : 1));
            }
        }
    }
}

// openhwgroup/cva6#61: a flush during a walk broke the handshake with memory, and a fault came out.
TEST_CASE(
    "published bug 10: a walk squashed in any state ends its transaction and does not fault") {
    constexpr MemoryTiming timing{.wait = {2}, .service = {3}};
    constexpr std::uint64_t offsets = 60;
    const MachineParameters parameters{
        .walker = {.count = 1, .start_cycles = {2}, .step_cycles = {2}, .finish_cycles = {2}},
        .walk_cache = {.enabled = true, .lookup_cycles = {2}}};
    constexpr PageFlags accessed_clear{0x1f};
    Machines<StallingMemory> machines;
    std::vector<Machine<StallingMemory>*> swept;
    std::set<WalkerState> seen;
    for (std::uint64_t offset = 0; offset < offsets; ++offset) {
        Machine<StallingMemory>& machine =
            machines.add(parameters, std::vector<MemoryTiming>{timing});
        swept.push_back(&machine);
        machine.tables.map(page, old_frame, 0, accessed_clear);
        machine.requester().offer({{.issue = {start}, .address = page}});
        machines.at(Cycles{start + offset}, [&machine, &seen] {
            seen.insert(machine.walker.states().front());
            machine.fence({});
        });
    }
    machines.run();

    CHECK(seen.size() == names_of<WalkerState>.size());
    std::uint64_t squashed = 0;
    for (std::size_t offset = 0; offset < swept.size(); ++offset) {
        CAPTURE(offset);
        Machine<StallingMemory>& machine = *swept[offset];
        REQUIRE(machine.requester().answers().size() == 1);
        REQUIRE(machine.answer(0, 0).page);
        CHECK(machine.answer(0, 0).page->physical_page == old_frame);
        CHECK(machine.answer(0, 0).duration() == machine.answer(0, 0).latency.total());
        CHECK(machine.walker.states().front() == WalkerState::idle);
        // One transaction at a time: the next begins when the one before is answered.
        const auto& transactions = machine.memory.transactions();
        for (std::size_t number = 1; number < transactions.size(); ++number) {
            CHECK(transactions[number].arrival >=
                  transactions[number - 1].arrival + timing.total());
        }
        const WalkerStatistics walked = machine.walker.statistics();
        CHECK(walked.walks == walked.completed + walked.squashed);
        CHECK(walked.faulted == 0);
        squashed += walked.squashed;
    }
    CHECK(squashed > 20);
}

// Intel, Alder Lake and Raptor Lake (worked around in Linux 6.4): invalidation by address left
// global pages where address-space identifiers were in use.
TEST_CASE("published bug 32: a fence by address alone removes a global page under every ASID") {
    // Aligned for every size.
    const VirtualAddress large{0x4000'0000};
    const std::array<PhysicalPageNumber, 3> frames{{{0x8'4321}, {0x8'4200}, {0x8'0000}}};
    const std::array<PhysicalPageNumber, 3> new_frames{{{0x8'5321}, {0x8'5200}, {0xc'0000}}};
    struct Point {
        Machine<>& machine;
        unsigned level;
    };
    Machines machines;
    std::vector<Point> swept;
    for (unsigned level = 0; level < 3; ++level) {
        const PageSize size = format_of(PagingMode::sv39).page_size_at(level);
        for (std::uint64_t offset = 0; offset <= last_offset; ++offset) {
            Machine<>& machine = machines.add({}, machine_memory_latency);
            swept.push_back({machine, level});
            machine.tables.map(large, frames.at(level), level, global_page);
            machine.requester().offer(
                {{.issue = {start}, .address = large, .asid = Asid{5}},
                 {.issue = {later}, .address = large, .asid = Asid{5}},
                 {.issue = {later + 100}, .address = large + 8, .asid = Asid{6}}});
            machines.at(Cycles{start + offset}, [&machine, level, size, large, &new_frames] {
                machine.tables.map(large, new_frames.at(level), level, global_page);
                machine.fence({.address = large + (size.bytes() - 1)});
            });
        }
    }
    machines.run();

    for (std::size_t number = 0; number < swept.size(); ++number) {
        CAPTURE(number / (last_offset + 1), number % (last_offset + 1));
        const auto& [machine, level] = swept[number];
        CHECK(machine.answer(0, 1).page->physical_page == new_frames.at(level));
        CHECK(machine.answer(0, 2).page->physical_page == new_frames.at(level));
        CHECK(machine.answer(0, 2).levels == 1);
        CHECK_FALSE(machine.holds_frame(frames.at(level)));
    }
}

}  // namespace
}  // namespace mmusim::hw::fences_module_test
