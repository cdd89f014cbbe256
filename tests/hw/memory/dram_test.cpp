// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace mmusim::hw {
namespace {

// Small numbers that tell each other apart in a sum: 10 controller, 5 tRCD, 3 tCAS, 7 tRP and 4 for
// a burst. A row miss takes 10 + 5 + 3 + 4 = 22, a hit 17, a conflict 29.
constexpr DramParameters parameters{.banks = 4,
                                    .row_bytes = 256,
                                    .burst_bytes = 64,
                                    .controller_cycles = {10},
                                    .activate_cycles = {5},
                                    .column_cycles = {3},
                                    .precharge_cycles = {7},
                                    .burst_cycles = {4}};

constexpr std::uint64_t bank_0_row_0 = 0x000;
constexpr std::uint64_t bank_1_row_0 = 0x100;
constexpr std::uint64_t bank_0_row_1 = 0x400;

struct Command {
    std::uint64_t arrival;
    std::uint64_t address;
    std::uint64_t bytes;
    std::uint64_t wait;
    std::uint64_t service;
};

struct Table {
    std::string name;
    std::vector<Command> commands;
    DramStatistics rows;
};

const std::vector<Table> tables{
    {"the first access to a bank opens its row", {{0, bank_0_row_0, 8, 0, 22}}, {0, 1, 0}},
    {"a row that is open is used at once",
     {{0, bank_0_row_0, 8, 0, 22}, {100, 0x40, 8, 0, 17}, {200, 0xf8, 8, 0, 17}},
     {2, 1, 0}},
    {"another row of the bank is closed first",
     {{0, bank_0_row_0, 8, 0, 22}, {100, bank_0_row_1, 8, 0, 29}, {200, bank_0_row_0, 8, 0, 29}},
     {0, 1, 2}},
    {"neighbouring rows are in different banks, which open in parallel; the bus is shared",
     // Both have their data at 18; the second waits until the bus is free at 22.
     {{0, bank_0_row_0, 8, 0, 22}, {0, bank_1_row_0, 8, 4, 22}},
     {0, 2, 0}},
    {"four banks wait for the bus one after the other",
     {{0, 0x000, 8, 0, 22}, {0, 0x100, 8, 4, 22}, {0, 0x200, 8, 8, 22}, {0, 0x300, 8, 12, 22}},
     {0, 4, 0}},
    {"hits of one row follow each other at the pace of the bus",
     {{0, 0, 8, 0, 22}, {100, 0, 8, 0, 17}, {100, 0, 8, 4, 17}, {100, 0, 8, 8, 17}},
     {3, 1, 0}},
    {"a bank is blocked while it works: at 103 one cycle more, at 104 free",
     // The hit of 100 has its column command at 110 and keeps the bank until 114.
     {{0, 0, 8, 0, 22}, {100, 0, 8, 0, 17}, {103, 0, 8, 1, 17}},
     {2, 1, 0}},
    {"… ready at 104", {{0, 0, 8, 0, 22}, {100, 0, 8, 0, 17}, {104, 0, 8, 0, 17}}, {2, 1, 0}},
    {"the bus is blocked until the burst has passed: one cycle more",
     // Bank 0's data is on the bus from 113 to 117; bank 1's would be from 116 on.
     {{0, 0x000, 8, 0, 22}, {50, 0x100, 8, 0, 22}, {100, 0x000, 8, 0, 17}, {103, 0x100, 8, 1, 17}},
     {2, 2, 0}},
    {"… and free then",
     {{0, 0x000, 8, 0, 22}, {50, 0x100, 8, 0, 22}, {100, 0x000, 8, 0, 17}, {104, 0x100, 8, 0, 17}},
     {2, 2, 0}},
    {"a conflict behind a hit waits for the bank, then pays in full",
     {{0, bank_0_row_0, 8, 0, 22}, {100, bank_0_row_0, 8, 0, 17}, {100, bank_0_row_1, 8, 4, 29}},
     {1, 1, 1}},
    {"a bank whose data waits for the bus is kept for as long: its row is closed after that",
     // Bank 1's hit has its data from 117 on instead of 113, so the bank is kept until 118.
     {{0, 0x000, 8, 0, 22},
      {50, 0x100, 8, 0, 22},
      {100, 0x000, 8, 0, 17},
      {100, 0x100, 8, 4, 17},
      {100, 0x500, 8, 8, 29}},
     {2, 2, 1}},
    {"a transaction of two bursts takes one burst longer", {{0, 0, 128, 0, 26}}, {1, 1, 0}},
    {"so does one that merely crosses from burst to burst", {{0, 60, 8, 0, 26}}, {1, 1, 0}},
    {"a transaction may go on in the next bank", {{0, 0xf8, 16, 0, 26}}, {0, 2, 0}},
    {"clearing a frame takes its 16 rows, four in each bank",
     // Bus bound: a bank has three rows of the others (12 bursts, 48 cycles) to change its own row.
     {{0, 0, 4096, 0, 18 + 64 * 4}},
     {48, 4, 12}},
};

TEST_CASE("DRAM commands take what the data sheet says") {
    for (const Table& table : tables) {
        DYNAMIC_SECTION(table.name) {
            Dram dram(parameters);
            for (const Command& command : table.commands) {
                CAPTURE(command.arrival, command.address);
                CHECK(dram.access({command.address}, command.bytes, Cycles{command.arrival}) ==
                      MemoryTiming{.wait = {command.wait}, .service = {command.service}});
            }
            CHECK(dram.statistics().row_hits == table.rows.row_hits);
            CHECK(dram.statistics().row_misses == table.rows.row_misses);
            CHECK(dram.statistics().row_conflicts == table.rows.row_conflicts);
        }
    }
}

TEST_CASE("new DRAM statistics begin at zero, and the rows stay open") {
    Dram dram(parameters);
    static_cast<void>(dram.access({0}, 8, Cycles{0}));

    dram.reset_statistics();
    CHECK(dram.statistics().row_misses == 0);

    CHECK(dram.access({0}, 8, Cycles{100}).service == Cycles{17});
    CHECK(dram.statistics().row_hits == 1);
}

}  // namespace
}  // namespace mmusim::hw
