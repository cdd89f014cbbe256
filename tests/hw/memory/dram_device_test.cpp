// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram_device.hpp"

#include "tests/hw/memory/small_dram.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::dram_device_test {
namespace {

using enum DramCommand;
using tests::small_dram;

// A command, the first cycle in which it may be given, and, if later, when it is given.
struct Step {
    DramCommand command;
    std::uint32_t rank;
    std::uint32_t bank;
    std::uint64_t row;
    std::uint64_t earliest;
    std::uint64_t given = 0;
};

struct Table {
    std::string name;
    std::vector<Step> steps;
};

const std::vector<Table> tables{
    {"a row is opened, read tRCD later and closed after tRAS; the next one opens tRP after that",
     {{activate, 0, 0, 0, 0},
      {read, 0, 0, 0, 5},
      {precharge, 0, 0, 0, 11},
      {activate, 0, 0, 1, 18}}},
    {"a late read keeps its row open for tRTP",
     {{activate, 0, 0, 0, 0},
      {read, 0, 0, 0, 5, 20},
      {precharge, 0, 0, 0, 26},
      {activate, 0, 0, 1, 33}}},
    {"a write keeps its row open for tWR after its data, which passes from 7 to 11",
     {{activate, 0, 0, 0, 0}, {write, 0, 0, 0, 5}, {precharge, 0, 0, 0, 21}}},
    {"rows open tRRD_S apart, within a group tRRD_L, and the fifth after tFAW",
     {{activate, 0, 0, 0, 0},
      {activate, 0, 1, 0, 2},
      {activate, 0, 2, 0, 6},
      {activate, 0, 3, 0, 8},
      {activate, 0, 4, 0, 20},
      {activate, 0, 5, 0, 22}}},
    {"ranks open rows as fast as commands can be given",
     {{activate, 0, 0, 0, 0}, {activate, 1, 0, 0, 1}}},
    {"reads of one group are tCCD_L apart",
     {{activate, 0, 0, 0, 0}, {read, 0, 0, 0, 5}, {read, 0, 0, 0, 13}}},
    {"reads of different groups are tCCD_S apart",
     {{activate, 0, 0, 0, 0}, {activate, 0, 1, 0, 2}, {read, 0, 0, 0, 5}, {read, 0, 1, 0, 9}}},
    {"reads of different ranks follow each other on the bus",
     {{activate, 0, 0, 0, 0}, {activate, 1, 0, 0, 1}, {read, 0, 0, 0, 5}, {read, 1, 0, 0, 9}}},
    {"a read of the same group waits tWTR_L after a write's data",
     {{activate, 0, 0, 0, 0}, {write, 0, 0, 0, 5}, {read, 0, 0, 0, 20}}},
    {"a read of another group waits tWTR_S",
     {{activate, 0, 0, 0, 0}, {activate, 0, 1, 0, 2}, {write, 0, 0, 0, 5}, {read, 0, 1, 0, 14}}},
    {"a read of another rank waits for the bus only",
     {{activate, 0, 0, 0, 0}, {activate, 1, 0, 0, 1}, {write, 0, 0, 0, 5}, {read, 1, 0, 0, 8}}},
    {"a write after a read leaves the bus two clocks to turn round: data from 14 on",
     {{activate, 0, 0, 0, 0}, {activate, 0, 1, 0, 2}, {read, 0, 0, 0, 5}, {write, 0, 1, 0, 12}}},
};

TEST_CASE("every command is blocked one cycle before the earliest of the table, and ready then") {
    for (const Table& table : tables) {
        const DramParameters parameters = small_dram();
        DramDevice device(parameters, parameters.timing);
        for (const Step& step : table.steps) {
            CAPTURE(table.name, step.command, step.bank, step.row);
            const DramAddress place{.rank = step.rank, .bank = step.bank, .row = step.row};
            CHECK(device.earliest(step.command, place) == Cycles{step.earliest});
            device.issue(step.command, place, Cycles{std::max(step.earliest, step.given)});
        }
    }
}

TEST_CASE("an access needs its row opened, another one closed first, or itself only") {
    const DramParameters parameters = small_dram();
    DramDevice device(parameters, parameters.timing);
    CHECK(device.next_command({.row = 3}, false) == activate);
    device.issue(activate, {.row = 3}, Cycles{0});
    CHECK(device.next_command({.row = 3}, false) == read);
    CHECK(device.next_command({.row = 3}, true) == write);
    CHECK(device.next_command({.row = 4}, false) == precharge);
    CHECK(device.next_command({.bank = 1, .row = 3}, false) == activate);
    CHECK(device.issue(read, {.row = 3}, Cycles{5}) == Cycles{5 + 3 + 4});
    device.close_after({.row = 3});
    CHECK(device.next_command({.row = 3}, false) == activate);
    CHECK(device.earliest(activate, {.row = 3}) == Cycles{11 + 7});
    CHECK(device.activates() == 1);
    CHECK(device.precharges() == 1);
}

DramParameters refreshed() {
    DramParameters parameters = small_dram();
    parameters.timing.refresh_interval_cycles = Cycles{1000};
    return parameters;
}

TEST_CASE("a refresh takes an idle rank from when it is due") {
    const DramParameters parameters = refreshed();
    DramDevice device(parameters, parameters.timing);
    device.refresh(Cycles{999});
    CHECK(device.earliest(activate, {}) == Cycles{0});
    device.refresh(Cycles{1000});
    CHECK(device.earliest(activate, {}) == Cycles{1050});
    CHECK(device.earliest(activate, {.rank = 1}) == Cycles{1050});
}

TEST_CASE("a refresh closes the rows first") {
    const DramParameters parameters = refreshed();
    DramDevice device(parameters, parameters.timing);
    device.issue(activate, {.row = 1}, Cycles{0});
    device.issue(activate, {.rank = 1, .row = 1}, Cycles{995});  // open until 1006 at least
    device.refresh(Cycles{1000});
    CHECK(device.next_command({.row = 1}, false) == activate);
    CHECK(device.earliest(activate, {.row = 1}) == Cycles{1000 + 7 + 50});
    CHECK(device.earliest(activate, {.rank = 1, .row = 1}) == Cycles{1006 + 7 + 50});
    CHECK(device.precharges() == 2);
}

TEST_CASE("refreshes that nobody saw are made up for when somebody asks") {
    const DramParameters parameters = refreshed();
    DramDevice device(parameters, parameters.timing);
    device.issue(activate, {.row = 1}, Cycles{0});
    CHECK(device.refreshes(Cycles{999}) == 0);
    CHECK(device.refreshes(Cycles{1000}) == 2);
    CHECK(device.refreshes(Cycles{5500}) == 10);
    device.refresh(Cycles{5500});
    CHECK(device.refreshes(Cycles{5500}) == 10);
    CHECK(device.earliest(activate, {.row = 1}) == Cycles{5050});
    CHECK(device.refreshes(Cycles{6000}) == 12);
    CHECK(device.precharges() == 1);
}

}  // namespace
}  // namespace mmusim::hw::dram_device_test
