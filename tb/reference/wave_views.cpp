// SPDX-License-Identifier: Apache-2.0
// The views of the project: which signals they show, what they open on, where their markers are.
#include "tb/reference/wave_view.hpp"

#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] SignalGroup core() {
    return {.title = "Core",
            .signals = {{.label = "state", .name = "core.state"},
                        {.label = "access", .name = "core.access_type"},
                        {.label = "virtual address", .name = "core.virtual_address"},
                        {.label = "physical address", .name = "core.physical_address"},
                        {.label = "accesses so far", .name = "core.accesses"}}};
}

[[nodiscard]] SignalGroup turns() {
    return {.title = "Whose turn it is",
            .signals = {{.label = "process", .name = "software.process"},
                        {.label = "address space", .name = "core.asid"}}};
}

[[nodiscard]] SignalGroup tlbs() {
    return {.title = "TLBs",
            .signals = {{.label = "l1d", .name = "l1d.state"},
                        {.label = "l2", .name = "l2.state"},
                        {.label = "hits of l1d", .name = "l1d.hits"},
                        {.label = "hits of l2", .name = "l2.hits"},
                        {.label = "fills of l1d", .name = "l1d.fills"},
                        {.label = "entries fenced in l1d", .name = "l1d.invalidations"}}};
}

[[nodiscard]] SignalGroup walker() {
    return {.title = "Page-table walker",
            .signals = {{.label = "state", .name = "walker.walker0.state"},
                        {.label = "level", .name = "walker.walker0.level"},
                        {.label = "entry at", .name = "walker.walker0.entry_address"},
                        {.label = "entry", .name = "walker.walker0.entry"}}};
}

[[nodiscard]] SignalGroup memory() {
    return {.title = "Memory",
            .signals = {{.label = "transaction", .name = "memory.purpose"},
                        {.label = "address", .name = "memory.address"},
                        {.label = "data", .name = "memory.data"},
                        {.label = "transactions so far", .name = "memory.transactions"}}};
}

[[nodiscard]] SignalGroup dram() {
    return {.title = "DRAM",
            .signals = {{.label = "command", .name = "memory.channel0.command"},
                        {.label = "bank", .name = "memory.channel0.bank"},
                        {.label = "row", .name = "memory.channel0.row"},
                        {.label = "row hits", .name = "memory.channel0.row_hits"},
                        {.label = "row misses", .name = "memory.channel0.row_misses"},
                        {.label = "row conflicts", .name = "memory.channel0.row_conflicts"}}};
}

[[nodiscard]] SignalGroup software() {
    return {.title = "Software",
            .signals = {{.label = "fault handler runs", .name = "software.busy"},
                        {.label = "stage", .name = "software.stage"},
                        {.label = "faults so far", .name = "software.faults"}}};
}

[[nodiscard]] SignalGroup storage() {
    return {.title = "Storage",
            .signals = {{.label = "state", .name = "storage.state"},
                        {.label = "requests under way", .name = "storage.requests"},
                        {.label = "pages written", .name = "storage.pages_written"},
                        {.label = "pages read", .name = "storage.pages_read"}}};
}

/// The machine of the preset `default`, which has a TLB more to look at, and caches.
[[nodiscard]] WaveView first_faults() {
    return {
        .name = "first_faults",
        .about = "One page fault, from the miss to the hit: see docs/waves.md",
        .period_ps = 250,
        .from_cycle = 0,
        .to_cycle = 6240,
        .width_pixels = 1600,
        .label_pixels = 300,
        .height_pixels = 1040,
        .groups = {core(),
                   {.title = "TLBs",
                    .signals = {{.label = "l1i", .name = "l1i.state"},
                                {.label = "l1d", .name = "l1d.state"},
                                {.label = "l2", .name = "l2.state"},
                                {.label = "virtual page in l2", .name = "l2.virtual_page"},
                                {.label = "fills of l1d", .name = "l1d.fills"},
                                {.label = "fills of l2", .name = "l2.fills"},
                                {.label = "entries fenced in l2", .name = "l2.invalidations"}}},
                   walker(),
                   {.title = "First data cache",
                    .signals = {{.label = "state", .name = "l1d_cache.state"},
                                {.label = "transaction", .name = "l1d_cache.purpose"},
                                {.label = "address", .name = "l1d_cache.address"},
                                {.label = "data", .name = "l1d_cache.data"}}},
                   memory(),
                   software()},
        .markers = {{.cycle = 8, .name = "   miss"},
                    {.cycle = 224, .name = "     trap"},
                    {.cycle = 3495, .name = "PTE 2"},
                    {.cycle = 4870, .name = "PTE 1"},
                    {.cycle = 4878, .name = "PTE 0"},
                    {.cycle = 5682, .name = "retry"},
                    {.cycle = 5708, .name = "hit"}},
    };
}

/// Of a recording that tb/stories/play.sh makes. The machine is a variation of the preset `plain`.
[[nodiscard]] WaveView story(std::string_view name, std::string_view about,
                             std::uint64_t from_cycle, std::uint64_t to_cycle,
                             std::vector<SignalGroup> groups, std::vector<WaveMarker> markers) {
    return {.name = name,
            .about = about,
            .period_ps = 1000,
            .from_cycle = from_cycle,
            .to_cycle = to_cycle,
            .width_pixels = 1280,
            .label_pixels = 220,
            .height_pixels = 0,
            .groups = std::move(groups),
            .markers = std::move(markers)};
}

[[nodiscard]] std::vector<WaveView> make_views() {
    return {
        first_faults(),
        story("tlb-hit-and-miss", "One page found in the first TLB, in the second, in neither", 228,
              316, {core(), tlbs(), walker(), memory()},
              {{.cycle = 232, .name = "first"},
               {.cycle = 233, .name = "          second"},
               {.cycle = 241, .name = "          neither"},
               {.cycle = 309, .name = "done"}}),
        story("three-level-walk", "A walk through three tables", 100, 188,
              {core(), tlbs(), walker(), memory()},
              {{.cycle = 106, .name = "issue"},
               {.cycle = 114, .name = "walk"},
               {.cycle = 116, .name = "     level 2"},
               {.cycle = 137, .name = "level 1"},
               {.cycle = 158, .name = "level 0"},
               {.cycle = 179, .name = "finish"},
               {.cycle = 180, .name = "        done"}}),
        story("superpage", "A page of 2 MiB: two levels, and one entry for all of it", 72, 132,
              {core(), tlbs(), walker(), memory()},
              {{.cycle = 76, .name = "issue"},
               {.cycle = 84, .name = "walk"},
               {.cycle = 104, .name = "leaf"},
               {.cycle = 124, .name = "done"},
               {.cycle = 125, .name = "     hit"}}),
        story("walk-cache-hit", "Two walks, the second from the walk cache", 150, 262,
              {core(), tlbs(), walker(), memory()},
              {{.cycle = 156, .name = "first"},
               {.cycle = 164, .name = "root"},
               {.cycle = 225, .name = "second"},
               {.cycle = 233, .name = "     cached"},
               {.cycle = 254, .name = "done"}}),
        story("minor-fault", "The first touch of a page", 480, 828,
              {core(), tlbs(), walker(), memory(), software()},
              {{.cycle = 496, .name = "issue"},
               {.cycle = 564, .name = "trap"},
               {.cycle = 684, .name = "clear"},
               {.cycle = 704, .name = "leaf"},
               {.cycle = 744, .name = "retry"},
               {.cycle = 812, .name = "hit"}}),
        story("major-fault-with-swap", "A page comes from swap, and another leaves for it", 1090,
              2000, {core(), tlbs(), memory(), software(), storage()},
              {{.cycle = 1122, .name = "issue"},
               {.cycle = 1190, .name = "trap"},
               {.cycle = 1405, .name = "out"},
               {.cycle = 1505, .name = "is out"},
               {.cycle = 1615, .name = "in"},
               {.cycle = 1755, .name = "is in"},
               {.cycle = 1890, .name = "retry"},
               {.cycle = 1958, .name = "hit"}}),
        story("copy-on-write", "The first write after a fork copies, the last owner keeps", 990,
              1600, {core(), turns(), tlbs(), memory(), software()},
              {{.cycle = 1014, .name = "write"},
               {.cycle = 1015, .name = "          trap"},
               {.cycle = 1135, .name = "copy"},
               {.cycle = 1205, .name = "fence"},
               {.cycle = 1225, .name = "     retry"},
               {.cycle = 1293, .name = "copied"},
               {.cycle = 1361, .name = "trap again"},
               {.cycle = 1511, .name = "retry again"},
               {.cycle = 1579, .name = "kept"}}),
        story("asid-switch", "Two processes in turns, with numbers of address spaces", 480, 514,
              {turns(), core(), tlbs(), walker()},
              {{.cycle = 484, .name = "P"},
               {.cycle = 496, .name = "Q"},
               {.cycle = 508, .name = "P again"},
               {.cycle = 510, .name = "     end"}}),
        story("flush-on-switch", "Two processes in turns, without numbers of address spaces", 470,
              930, {turns(), core(), tlbs(), walker()},
              {{.cycle = 484, .name = "P"},
               {.cycle = 630, .name = "Q"},
               {.cycle = 776, .name = "P again"},
               {.cycle = 912, .name = "end"}}),
        story("fence-during-a-walk", "A fence names the page that is walked", 226, 376,
              {core(), tlbs(), walker(), memory()},
              {{.cycle = 232, .name = "issue"},
               {.cycle = 240, .name = "walk"},
               {.cycle = 280, .name = "leaf"},
               {.cycle = 290, .name = "fence"},
               {.cycle = 300, .name = "again"},
               {.cycle = 360, .name = "done"}}),
        story("hit-under-miss", "Three hits while a miss is under way", 780, 856,
              {core(), tlbs(), walker(), memory()},
              {{.cycle = 783, .name = "miss"},
               {.cycle = 784, .name = "     hits"},
               {.cycle = 787, .name = "     over"},
               {.cycle = 791, .name = "     walk"},
               {.cycle = 851, .name = "done"}}),
        story("a-and-d-update", "The hardware sets A in a walk, and D for a store", 360, 650,
              {core(), tlbs(), walker(), memory()},
              {{.cycle = 368, .name = "read"},
               {.cycle = 436, .name = "set A"},
               {.cycle = 456, .name = "read done"},
               {.cycle = 552, .name = "store"},
               {.cycle = 613, .name = "set D"},
               {.cycle = 633, .name = "stored"},
               {.cycle = 634, .name = "            again"}}),
        story("dram-row-conflict", "The row of DRAM is closed, open, another one", 8584, 8736,
              {core(), memory(), dram()},
              {{.cycle = 8592, .name = "closed"},
               {.cycle = 8637, .name = "open"},
               {.cycle = 8667, .name = "other"},
               {.cycle = 8727, .name = "done"}}),
    };
}

}  // namespace

const std::vector<WaveView>& wave_views() {
    static const std::vector<WaveView> views = make_views();
    return views;
}

}  // namespace mmusim::tb
