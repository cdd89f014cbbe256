// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/memory_controller_module.hpp"

#include "hw/base/random.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>
#include <tlm_utils/simple_initiator_socket.h>

#include <deque>
#include <functional>

namespace mmusim::hw {
namespace {

using tests::Simulation;

constexpr PhysicalAddress base{0x8000'0000};
constexpr MemoryParameters fixed{
    .base_address = base.value, .size_bytes = 0x10'0000, .latency_cycles = {20}, .dram = {}};

// Speaks to memory and notes what came back. Several may be under way.
class MemoryClient final : public sc_core::sc_module {
  public:
    struct Answer {
        tlm::tlm_sync_enum status = tlm::TLM_ACCEPTED;
        Cycles delay;
        MemoryTiming timing;
        bool failed = false;
        bool exchanged = false;
        std::uint64_t value = 0;
    };
    using Begin = std::function<void(MemoryPayload&)>;

    tlm_utils::simple_initiator_socket<MemoryClient> initiator{"initiator"};

    MemoryClient(const sc_core::sc_module_name& name, Simulation& simulation)
        : sc_module(name), simulation_(simulation) {}

    void ask(std::uint64_t cycle, const Begin& begin) {
        simulation_.at(Cycles{cycle}, CyclePhase::arbitrate, [this, begin] { send(begin); });
    }

    [[nodiscard]] const std::vector<Answer>& answers() const { return answers_; }

    unsigned debug(const Begin& begin) {
        begin(payload_);
        return initiator->transport_dbg(payload_.payload());
    }

    [[nodiscard]] const MemoryPayload& payload() const { return payload_; }

  private:
    void send(const Begin& begin) {
        begin(payload_);
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        const tlm::tlm_sync_enum status =
            initiator->nb_transport_fw(payload_.payload(), phase, delay);
        answers_.push_back({.status = status,
                            .delay = simulation_.clock().to_cycles(delay),
                            .timing = payload_.request().timing,
                            .failed = payload_.failed(),
                            .exchanged = payload_.request().exchanged,
                            .value = payload_.value()});
    }

    Simulation& simulation_;
    MemoryPayload payload_;
    std::vector<Answer> answers_;
};

MemoryClient::Begin read(PhysicalAddress address, unsigned bytes = 8,
                         MemoryPurpose purpose = MemoryPurpose::pte_read) {
    return [=](MemoryPayload& payload) { payload.begin_read(address, bytes, purpose); };
}

MemoryClient::Begin write(PhysicalAddress address, std::uint64_t value, unsigned bytes = 8) {
    return [=](MemoryPayload& payload) {
        payload.begin_write(address, value, bytes, MemoryPurpose::table_write);
    };
}

MemoryClient::Begin exchange(PhysicalAddress address, std::uint64_t expected, std::uint64_t value,
                             unsigned bytes = 8) {
    return [=](MemoryPayload& payload) {
        payload.begin_exchange(address, expected, value, bytes, MemoryPurpose::ad_update);
    };
}

MemoryClient::Begin clear(PhysicalAddress address) {
    return [=](MemoryPayload& payload) { payload.begin_clear(page_number_of(address)); };
}

TEST_CASE("a fixed memory answers everything after its latency, and nothing waits") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryClient client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(5, write(base, 0x1122'3344'5566'7788));
    client.ask(5, read(base));
    client.ask(5, read(base + 4, 4));
    client.ask(6, clear(base));
    client.ask(6, read(base));
    simulation.run();

    REQUIRE(client.answers().size() == 5);
    for (const MemoryClient::Answer& answer : client.answers()) {
        CHECK(answer.status == tlm::TLM_COMPLETED);
        CHECK(answer.delay == Cycles{20});
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
    MemoryClient client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, read(base));            // a row miss
    client.ask(100, read(base + 64));     // a row hit
    client.ask(100, read(base + 0x100));  // a row miss in the next bank: ready at 118, bus free 117
    client.ask(200, read(base + 0x400));  // a row conflict
    client.ask(200, read(base + 0x400));  // behind it: the bank is free at 226, not at 210
    simulation.run();

    std::vector<MemoryTiming> timings;
    for (const MemoryClient::Answer& answer : client.answers()) {
        timings.push_back(answer.timing);
        CHECK(answer.delay == answer.timing.total());
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
    MemoryClient client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, write(base, 0xaaaa'aaaa'0000'0011));
    client.ask(1, exchange(base, 0xaaaa'aaaa'0000'0011, 0xaaaa'aaaa'0000'0051));
    client.ask(2, exchange(base, 0xaaaa'aaaa'0000'0011, 0xaaaa'aaaa'0000'00d1));
    client.ask(3, read(base));
    client.ask(4, exchange(base, 0x51, 0xd1, 4));
    client.ask(5, read(base));
    client.ask(6, write(base, 0x77));  // a plain write after an exchange is one
    client.ask(7, read(base));
    simulation.run();

    const std::vector<MemoryClient::Answer>& answers = client.answers();
    REQUIRE(answers.size() == 8);
    CHECK(answers[1].exchanged);
    CHECK_FALSE(answers[2].exchanged);
    CHECK(answers[3].value == 0xaaaa'aaaa'0000'0051);
    CHECK(answers[4].exchanged);
    CHECK(answers[5].value == 0xaaaa'aaaa'0000'00d1);
    CHECK_FALSE(answers[6].exchanged);
    CHECK(answers[7].value == 0x77);
}

TEST_CASE("what is outside memory is an address error that changes nothing and counts as one") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryClient client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    client.ask(0, read({0x7fff'fff8}));
    client.ask(1, write(base + 0x10'0000, 1));
    client.ask(2, exchange({0}, 0, 1));
    client.ask(3, clear(base + 0x10'0000));
    client.ask(4, read(base + 0xf'fff8));
    simulation.run();

    for (std::size_t number = 0; number < 4; ++number) {
        CAPTURE(number);
        CHECK(client.answers()[number].failed);
        CHECK_FALSE(client.answers()[number].exchanged);
        CHECK(client.answers()[number].delay == Cycles{20});
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
    MemoryClient one("one", simulation);
    MemoryClient two("two", simulation);
    one.initiator.bind(memory.upstream_target);
    two.initiator.bind(memory.upstream_target);
    PerEnumerator<MemoryPurpose, std::uint64_t> asked;
    Random random(3);
    for (std::uint64_t cycle = 0; cycle < 1000; ++cycle) {
        MemoryClient& client = random.below(2) == 0 ? one : two;
        const PhysicalAddress where = base + random.below(0x2'0000) * 8;
        const auto purpose = static_cast<MemoryPurpose>(random.below(5));
        switch (purpose) {
            case MemoryPurpose::pte_read:
            case MemoryPurpose::table_read: client.ask(cycle, read(where, 8, purpose)); break;
            case MemoryPurpose::ad_update: client.ask(cycle, exchange(where, 0, 1)); break;
            case MemoryPurpose::table_write: client.ask(cycle, write(where, cycle)); break;
            case MemoryPurpose::frame_clear: client.ask(cycle, clear(where)); break;
        }
        ++asked[purpose];
    }
    simulation.run();

    const MemoryStatistics statistics = memory.statistics();
    const std::uint64_t reads = asked[MemoryPurpose::pte_read] + asked[MemoryPurpose::table_read];
    const std::uint64_t words = asked[MemoryPurpose::ad_update] + asked[MemoryPurpose::table_write];
    CHECK(statistics.by_purpose == asked);
    CHECK(statistics.reads == reads);
    CHECK(statistics.bytes_read == 8 * reads);
    CHECK(statistics.writes == words + asked[MemoryPurpose::frame_clear]);
    CHECK(statistics.bytes_written == 8 * words + 4096 * asked[MemoryPurpose::frame_clear]);
    CHECK(statistics.service_cycles == Cycles{20} * 1000);
    CHECK(statistics.wait_cycles == Cycles{0});

    memory.reset_statistics();
    CHECK(memory.statistics().reads == 0);
    CHECK(memory.statistics().by_purpose == PerEnumerator<MemoryPurpose, std::uint64_t>{});
}

TEST_CASE("the debug transport looks and writes without time and without being counted") {
    Simulation simulation;
    MemoryControllerModule memory("memory", fixed, simulation.clock());
    MemoryClient client("client", simulation);
    client.initiator.bind(memory.upstream_target);
    simulation.run();

    CHECK(client.debug(write(base, 0x1234)) == 8);
    CHECK(client.debug(read(base)) == 8);
    CHECK(client.payload().value() == 0x1234);
    CHECK(client.debug(read({0})) == 0);
    CHECK(client.payload().failed());
    CHECK(memory.statistics().reads == 0);
    CHECK(memory.statistics().writes == 0);
    CHECK(memory.statistics().errors == 0);
}

}  // namespace
}  // namespace mmusim::hw
