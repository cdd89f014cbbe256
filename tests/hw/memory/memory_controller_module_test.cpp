// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/memory_controller_module.hpp"

#include "hw/base/random.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "tests/hw/memory/small_dram.hpp"
#include "tests/support/memory_requester.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::memory_controller_module_test {
namespace {

using tests::clear_at;
using tests::exchange_at;
using tests::MemoryRequester;
using tests::read_at;
using tests::Simulation;
using tests::without_values_at;
using tests::write_at;

constexpr PhysicalAddress base{0x8000'0000};
constexpr MemoryParameters fixed{
    .base_address = base.value, .size_bytes = 0x10'0000, .latency_cycles = {20}, .dram = {}};

TEST_CASE("a fixed memory answers everything after its latency, and nothing waits") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(5, write_at(base, 0x1122'3344'5566'7788));
    client.ask(5, read_at(base));
    client.ask(5, read_at(base + 4, 4));
    client.ask(6, clear_at(base));
    client.ask(6, read_at(base));
    simulation.run();

    REQUIRE(client.answers().size() == 5);
    for (const MemoryRequester::Answer& answer : client.answers()) {
        CHECK(answer.at_once);
        CHECK(answer.duration() == Cycles{20});
        CHECK(answer.timing == MemoryTiming{.wait = {0}, .service = {20}});
        CHECK_FALSE(answer.failed);
    }
    CHECK(client.answers()[1].value == 0x1122'3344'5566'7788);
    CHECK(client.answers()[2].value == 0x1122'3344);
    CHECK(client.answers()[4].value == 0);
}

constexpr std::uint64_t next_bank = 256;
constexpr std::uint64_t next_row = 256UL * 16;  // of the same bank

MemoryParameters small_dram_memory() {
    MemoryParameters parameters = fixed;
    parameters.kind = MemoryKind::dram;
    parameters.dram = tests::small_dram();
    return parameters;
}

TEST_CASE("a DRAM memory takes what its controller, rows, banks and bus take") {
    Simulation simulation;
    MemoryControllerModule memory("memory", small_dram_memory(), simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, read_at(base));                // no row open: 10 + 5 + 3 + 4
    client.ask(100, read_at(base + 64));         // open: 10 + 3 + 4
    client.ask(101, read_at(base + 128));        // 8 after the one before: tCCD_L
    client.ask(200, read_at(base + next_row));   // another row: 10 + 7 + 5 + 3 + 4
    client.ask(300, read_at(base + next_bank));  // in another bank
    client.ask(400, without_values_at(
                        tlm::TLM_READ_COMMAND, base, 128,
                        MemoryPurpose::line_fill));  // two bursts of a row that was closed: one row
    simulation.run();

    struct Row {
        std::uint64_t wait;
        std::uint64_t service;
    };
    const std::vector<Row> expected{{0, 22}, {0, 17}, {7, 17}, {0, 29}, {0, 22}, {4, 33}};
    const std::vector<MemoryRequester::Answer> answers = client.answers();
    for (std::size_t number = 0; number < expected.size(); ++number) {
        CAPTURE(number);
        CHECK(answers[number].came);
        CHECK_FALSE(answers[number].at_once);
        CHECK(answers[number].timing ==
              MemoryTiming{.wait = {expected[number].wait}, .service = {expected[number].service}});
        CHECK(answers[number].duration() == answers[number].timing.total());
    }
    const MemoryStatistics statistics = memory.statistics();
    CHECK(statistics.dram.row_hits == 3);
    CHECK(statistics.dram.row_misses == 2);
    CHECK(statistics.dram.row_conflicts == 2);
    CHECK(statistics.dram.read_bursts == 7);
    CHECK(statistics.wait_cycles == Cycles{11});
    CHECK(statistics.service_cycles == Cycles{140});
}

TEST_CASE("a DRAM memory takes writes into its queue, and reads what waits there at once") {
    Simulation simulation;
    MemoryControllerModule memory("memory", small_dram_memory(), simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, write_at(base, 0x77));
    client.ask(1, read_at(base));
    client.ask(200, read_at(base));  // written long since; its row is open
    simulation.run();

    const std::vector<MemoryRequester::Answer> answers = client.answers();
    CHECK(answers[0].duration() == Cycles{10});
    CHECK(answers[1].duration() == Cycles{10});
    CHECK(answers[1].value == 0x77);
    CHECK(answers[2].duration() == Cycles{17});
    const DramStatistics dram = memory.statistics().dram;
    CHECK(dram.write_bursts == 1);
    CHECK(dram.read_bursts == 1);
    CHECK(dram.forwarded_reads == 1);
    CHECK(dram.row_misses == 1);
    CHECK(dram.row_hits == 1);
}

TEST_CASE("an exchange in DRAM is answered as a read and followed by a write") {
    Simulation simulation;
    MemoryControllerModule memory("memory", small_dram_memory(), simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, exchange_at(base, 0, 5));
    client.ask(100, exchange_at(base, 0, 6));  // finds 5: nothing is written
    simulation.run();

    CHECK(client.answers()[0].exchanged);
    CHECK(client.answers()[0].duration() == Cycles{22});
    CHECK_FALSE(client.answers()[1].exchanged);
    CHECK(client.answers()[1].duration() == Cycles{17});
    CHECK(memory.statistics().dram.read_bursts == 2);
    CHECK(memory.statistics().dram.write_bursts == 1);
    CHECK(memory.statistics().writes == 2);
}

TEST_CASE("who finds no room in a queue of DRAM waits outside, and that is counted") {
    Simulation simulation;
    MemoryParameters parameters = small_dram_memory();
    parameters.dram.read_queue_entries = 1;
    MemoryControllerModule memory("memory", parameters, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    // The first is read at 15 and leaves its queue; the second opens its row then, not at 10.
    client.ask(0, read_at(base));
    client.ask(0, read_at(base + next_bank));
    simulation.run();

    CHECK(client.answers()[0].duration() == Cycles{22});
    // Opened at 16, after the command of 15, read at 21.
    CHECK(client.answers()[1].timing == MemoryTiming{.wait = {6}, .service = {22}});
    CHECK(memory.statistics().dram.outside_wait_cycles == Cycles{15});
    CHECK(memory.statistics().dram.read_queue_cycles == Cycles{15 + 6});
}

TEST_CASE("clearing a frame in DRAM is one transaction of 64 writes") {
    Simulation simulation;
    MemoryParameters parameters = small_dram_memory();
    parameters.dram.write_queue_entries = 64;
    MemoryControllerModule memory("memory", parameters, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, clear_at(base));
    client.ask(2000, clear_at(base));
    client.ask(2001, clear_at(base + 0x1000));  // waits for room
    simulation.run();

    CHECK(client.answers()[0].duration() == Cycles{10});
    CHECK(client.answers()[1].duration() == Cycles{10});
    CHECK(client.answers()[2].duration() > Cycles{64 * 4 - 20});
    CHECK(client.answers()[2].timing.service == Cycles{10});
    const MemoryStatistics statistics = memory.statistics();
    CHECK(statistics.writes == 3);
    CHECK(statistics.dram.write_bursts == 3UL * 64);
    CHECK(statistics.dram.row_hits + statistics.dram.row_misses + statistics.dram.row_conflicts ==
          3UL * 64);
}

TEST_CASE("a random stream into DRAM is answered whole, and every burst counted once") {
    Simulation simulation;
    MemoryParameters parameters = small_dram_memory();
    parameters.dram.channels = 2;
    parameters.dram.timing.refresh_interval_cycles = Cycles{700};
    MemoryControllerModule memory("memory", parameters, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    Random random(8);
    std::uint64_t cycle = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    for (unsigned number = 0; number < 3000; ++number) {
        cycle += random.below(12);
        const PhysicalAddress where = base + random.below(2000) * 64;
        if (random.below(3) != 0) {
            client.ask(cycle, read_at(where));
            ++reads;
        } else {
            client.ask(cycle, write_at(where));
            ++writes;
        }
    }
    simulation.run();

    Cycles total;
    for (const MemoryRequester::Answer& answer : client.answers()) {
        REQUIRE(answer.came);
        REQUIRE(answer.timing.total() == answer.duration());
        REQUIRE(answer.duration() >= Cycles{10});
        total += answer.duration();
    }
    const MemoryStatistics statistics = memory.statistics();
    CHECK(statistics.wait_cycles + statistics.service_cycles == total);
    const DramStatistics& dram = statistics.dram;
    CHECK(dram.read_bursts + dram.forwarded_reads == reads);
    CHECK(dram.write_bursts == writes);
    CHECK(dram.row_hits + dram.row_misses + dram.row_conflicts ==
          dram.read_bursts + dram.write_bursts);
    CHECK(dram.outside_wait_cycles > Cycles{0});
    CHECK(dram.refreshes >= 4 * (cycle / 700));
}

TEST_CASE("an address outside a DRAM memory is refused after the way through its controller") {
    Simulation simulation;
    MemoryControllerModule memory("memory", small_dram_memory(), simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, read_at({0}));
    simulation.run();

    CHECK(client.answers()[0].failed);
    CHECK(client.answers()[0].duration() == Cycles{10});
    CHECK(memory.statistics().errors == 1);
}

TEST_CASE("an exchange writes only where memory holds what is expected") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, write_at(base, 0xaaaa'aaaa'0000'0011));
    client.ask(1, exchange_at(base, 0xaaaa'aaaa'0000'0011, 0xaaaa'aaaa'0000'0051));
    client.ask(2, exchange_at(base, 0xaaaa'aaaa'0000'0011, 0xaaaa'aaaa'0000'00d1));
    client.ask(3, read_at(base));
    client.ask(4, exchange_at(base, 0x51, 0xd1, 4));
    client.ask(5, read_at(base));
    client.ask(6, write_at(base, 0x77));  // a plain write after an exchange is one
    client.ask(7, read_at(base));
    simulation.run();

    const std::vector<MemoryRequester::Answer> answers = client.answers();
    REQUIRE(answers.size() == 8);
    CHECK(answers[1].exchanged);
    CHECK_FALSE(answers[2].exchanged);
    CHECK(answers[3].value == 0xaaaa'aaaa'0000'0051);
    CHECK(answers[4].exchanged);
    CHECK(answers[5].value == 0xaaaa'aaaa'0000'00d1);
    CHECK_FALSE(answers[6].exchanged);
    CHECK(answers[7].value == 0x77);
}

TEST_CASE("what caches send and what programs access takes time and changes nothing") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, write_at(base, 0x1234));
    client.ask(1, without_values_at(tlm::TLM_WRITE_COMMAND, base, 64, MemoryPurpose::write_back));
    client.ask(2, without_values_at(tlm::TLM_WRITE_COMMAND, base, 8, MemoryPurpose::write_through));
    client.ask(3, without_values_at(tlm::TLM_READ_COMMAND, base, 64, MemoryPurpose::line_fill));
    client.ask(4,
               without_values_at(tlm::TLM_WRITE_COMMAND, base + 1, 13, MemoryPurpose::data_write));
    client.ask(5, without_values_at(tlm::TLM_READ_COMMAND, base, 4096, MemoryPurpose::data_read));
    client.ask(6, without_values_at(tlm::TLM_READ_COMMAND, base + 6, 4, MemoryPurpose::fetch));
    client.ask(7, read_at(base));
    simulation.run();

    for (const MemoryRequester::Answer& answer : client.answers()) {
        CHECK(answer.duration() == Cycles{20});
        CHECK_FALSE(answer.failed);
    }
    CHECK(client.answers()[7].value == 0x1234);
}

TEST_CASE("what is outside memory is an address error that changes nothing and counts as one") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, read_at({0x7fff'fff8}));
    client.ask(1, write_at(base + 0x10'0000, 1));
    client.ask(2, exchange_at({0}, 0, 1));
    client.ask(3, clear_at(base + 0x10'0000));
    client.ask(4, read_at(base + 0xf'fff8));
    simulation.run();

    for (std::size_t number = 0; number < 4; ++number) {
        CAPTURE(number);
        CHECK(client.answers()[number].failed);
        CHECK_FALSE(client.answers()[number].exchanged);
        CHECK(client.answers()[number].duration() == Cycles{20});
    }
    CHECK_FALSE(client.answers()[4].failed);
    const MemoryStatistics statistics = memory.statistics();
    CHECK(statistics.errors == 4);
    CHECK(statistics.reads == 1);
    CHECK(statistics.writes == 0);
}

TEST_CASE("memory counts by purpose what its clients count themselves") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester one("one", simulation);
    MemoryRequester two("two", simulation);
    one.initiator.bind(memory.upstream_target);
    two.initiator.bind(memory.upstream_target);
    PerEnumerator<MemoryPurpose, std::uint64_t> asked;
    Random random(3);
    for (std::uint64_t cycle = 0; cycle < 1000; ++cycle) {
        MemoryRequester& client = random.below(2) == 0 ? one : two;
        const PhysicalAddress where = base + random.below(0x2'0000) * 8;
        const auto purpose =
            static_cast<MemoryPurpose>(random.below(enumerator_count<MemoryPurpose>));
        switch (purpose) {
            case MemoryPurpose::pte_read:
            case MemoryPurpose::table_read: client.ask(cycle, read_at(where, 8, purpose)); break;
            case MemoryPurpose::ad_update: client.ask(cycle, exchange_at(where, 0, 1)); break;
            case MemoryPurpose::table_write: client.ask(cycle, write_at(where, cycle)); break;
            case MemoryPurpose::frame_clear: client.ask(cycle, clear_at(where)); break;
            case MemoryPurpose::frame_copy:
            case MemoryPurpose::line_fill:
            case MemoryPurpose::data_read:
            case MemoryPurpose::fetch:
                client.ask(cycle, without_values_at(tlm::TLM_READ_COMMAND, where, 64, purpose));
                break;
            case MemoryPurpose::write_back:
            case MemoryPurpose::write_through:
            case MemoryPurpose::data_write:
                client.ask(cycle, without_values_at(tlm::TLM_WRITE_COMMAND, where, 64, purpose));
                break;
        }
        ++asked[purpose];
    }
    simulation.run();

    const MemoryStatistics statistics = memory.statistics();
    const std::uint64_t reads = asked[MemoryPurpose::pte_read] + asked[MemoryPurpose::table_read];
    const std::uint64_t words = asked[MemoryPurpose::ad_update] + asked[MemoryPurpose::table_write];
    const std::uint64_t filled = asked[MemoryPurpose::frame_copy] +
                                 asked[MemoryPurpose::line_fill] + asked[MemoryPurpose::data_read] +
                                 asked[MemoryPurpose::fetch];
    const std::uint64_t lines = asked[MemoryPurpose::write_back] +
                                asked[MemoryPurpose::write_through] +
                                asked[MemoryPurpose::data_write];
    const std::uint64_t frames = asked[MemoryPurpose::frame_clear];
    CHECK(statistics.by_purpose == asked);
    CHECK(statistics.reads == reads + filled);
    CHECK(statistics.bytes_read == 8 * reads + 64 * filled);
    CHECK(statistics.writes == words + lines + frames);
    CHECK(statistics.bytes_written == 8 * words + 64 * lines + 4096 * frames);
    CHECK(statistics.service_cycles == Cycles{20} * 1000);
    CHECK(statistics.wait_cycles == Cycles{0});

    memory.reset_statistics();
    CHECK(memory.statistics().reads == 0);
    CHECK(memory.statistics().by_purpose == PerEnumerator<MemoryPurpose, std::uint64_t>{});
}

TEST_CASE("the debug transport looks and writes without time and without being counted") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    simulation.run();

    MemoryPayload payload;
    CHECK(client.debug(payload, write_at(base, 0x1234)) == 8);
    CHECK(client.debug(payload, read_at(base)) == 8);
    CHECK(payload.value() == 0x1234);
    CHECK(client.debug(payload, read_at({0})) == 0);
    CHECK(payload.failed());
    CHECK(memory.statistics().reads == 0);
    CHECK(memory.statistics().writes == 0);
    CHECK(memory.statistics().errors == 0);
}

}  // namespace
}  // namespace mmusim::hw::memory_controller_module_test
