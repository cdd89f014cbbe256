// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/memory_controller_module.hpp"

#include "hw/base/random.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "tests/support/memory_requester.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw {
namespace {

using tests::clear_at;
using tests::exchange_at;
using tests::MemoryRequester;
using tests::read_at;
using tests::Simulation;
using tests::transfer_at;
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

TEST_CASE("a DRAM memory takes what its rows, banks and bus take") {
    Simulation simulation;
    MemoryParameters parameters = fixed;
    parameters.kind = MemoryKind::dram;
    parameters.dram = {.banks = 4,
                       .row_bytes = 256,
                       .burst_bytes = 64,
                       .controller_cycles = {10},
                       .activate_cycles = {5},
                       .column_cycles = {3},
                       .precharge_cycles = {7},
                       .burst_cycles = {4}};
    MemoryControllerModule memory("memory", parameters, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, read_at(base));         // a row miss
    client.ask(100, read_at(base + 64));  // a row hit
    client.ask(100,
               read_at(base + 0x100));  // a row miss in the next bank: ready at 118, bus free 117
    client.ask(200, read_at(base + 0x400));  // a row conflict
    client.ask(200, read_at(base + 0x400));  // behind it: the bank is free at 226, not at 210
    simulation.run();

    std::vector<MemoryTiming> timings;
    for (const MemoryRequester::Answer& answer : client.answers()) {
        timings.push_back(answer.timing);
        CHECK(answer.duration() == answer.timing.total());
    }
    CHECK(timings == std::vector<MemoryTiming>{{.wait = {0}, .service = {22}},
                                               {.wait = {0}, .service = {17}},
                                               {.wait = {0}, .service = {22}},
                                               {.wait = {0}, .service = {29}},
                                               {.wait = {16}, .service = {17}}});
    const MemoryStatistics statistics = memory.statistics();
    CHECK(statistics.dram.row_hits == 2);
    CHECK(statistics.dram.row_misses == 2);
    CHECK(statistics.dram.row_conflicts == 1);
    CHECK(statistics.wait_cycles == Cycles{16});
    CHECK(statistics.service_cycles == Cycles{107});
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

TEST_CASE("what caches send each other takes time and changes nothing") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryRequester client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, write_at(base, 0x1234));
    client.ask(1, transfer_at(tlm::TLM_WRITE_COMMAND, base, 64, MemoryPurpose::write_back));
    client.ask(2, transfer_at(tlm::TLM_WRITE_COMMAND, base, 8, MemoryPurpose::write_through));
    client.ask(3, transfer_at(tlm::TLM_READ_COMMAND, base, 64, MemoryPurpose::line_fill));
    client.ask(4, read_at(base));
    simulation.run();

    for (const MemoryRequester::Answer& answer : client.answers()) {
        CHECK(answer.duration() == Cycles{20});
        CHECK_FALSE(answer.failed);
    }
    CHECK(client.answers()[4].value == 0x1234);
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
        const auto purpose = static_cast<MemoryPurpose>(random.below(8));
        switch (purpose) {
            case MemoryPurpose::pte_read:
            case MemoryPurpose::table_read: client.ask(cycle, read_at(where, 8, purpose)); break;
            case MemoryPurpose::ad_update: client.ask(cycle, exchange_at(where, 0, 1)); break;
            case MemoryPurpose::table_write: client.ask(cycle, write_at(where, cycle)); break;
            case MemoryPurpose::frame_clear: client.ask(cycle, clear_at(where)); break;
            case MemoryPurpose::line_fill:
                client.ask(cycle, transfer_at(tlm::TLM_READ_COMMAND, where, 64, purpose));
                break;
            case MemoryPurpose::write_back:
            case MemoryPurpose::write_through:
                client.ask(cycle, transfer_at(tlm::TLM_WRITE_COMMAND, where, 64, purpose));
                break;
        }
        ++asked[purpose];
    }
    simulation.run();

    const MemoryStatistics statistics = memory.statistics();
    const std::uint64_t reads = asked[MemoryPurpose::pte_read] + asked[MemoryPurpose::table_read];
    const std::uint64_t words = asked[MemoryPurpose::ad_update] + asked[MemoryPurpose::table_write];
    const std::uint64_t filled = asked[MemoryPurpose::line_fill];
    const std::uint64_t lines =
        asked[MemoryPurpose::write_back] + asked[MemoryPurpose::write_through];
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
}  // namespace mmusim::hw
