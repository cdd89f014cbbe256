// SPDX-License-Identifier: Apache-2.0
#include "hw/storage/storage_module.hpp"

#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <functional>
#include <ostream>
#include <vector>

namespace mmusim::hw::storage_module_test {
namespace {

using tests::Simulation;

// Reads take 100 cycles, writes 50, a seek 1000 more, and each page 10, written 15: a cycle of the
// simulation is a nanosecond.
StorageParameters device(std::uint32_t queue_depth) {
    return {.timing = {.read_nanoseconds = 100,
                       .write_nanoseconds = 50,
                       .seek_nanoseconds = 1000,
                       .page_read_nanoseconds = 10,
                       .page_write_nanoseconds = 15,
                       .queue_depth = queue_depth}};
}

constexpr StorageRequest read(std::uint64_t page, std::uint64_t pages = 1) {
    return {.writes = false, .first_page = page, .pages = pages};
}

constexpr StorageRequest write(std::uint64_t page, std::uint64_t pages = 1) {
    return {.writes = true, .first_page = page, .pages = pages};
}

// A call: when, of which ticket, and how long it waited and was served.
struct Call {
    std::uint64_t cycle = 0;
    std::uint64_t ticket = 0;
    std::uint64_t wait = 0;
    std::uint64_t service = 0;

    bool operator==(const Call&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Call& call) {
    return stream << fmt::format("{}: ticket {}, {} + {}", call.cycle, call.ticket, call.wait,
                                 call.service);
}

class RecordingListener final : public StorageListener {
  public:
    explicit RecordingListener(ClockModule& clock) : clock_(clock) {}

    void storage_done(StorageTicket ticket, const StorageDevice::Served& served) override {
        calls.push_back({.cycle = clock_.now().value,
                         .ticket = ticket.number,
                         .wait = served.wait.value,
                         .service = served.service.value});
        on_done();
    }

    std::vector<Call> calls;
    std::function<void()> on_done = [] {};

  private:
    ClockModule& clock_;
};

struct Bench {
    Bench(Simulation& on, const StorageParameters& parameters)
        : simulation(on),
          listener(on.clock()),
          storage("storage", parameters, on.clock(), listener) {}

    void submit_at(std::uint64_t when, const StorageRequest& request) {
        simulation.at(Cycles{when}, CyclePhase::software,
                      [this, request] { tickets.push_back(storage.submit(request)); });
    }

    [[nodiscard]] std::vector<Call> calls() const { return listener.calls; }

    Simulation& simulation;
    RecordingListener listener;
    StorageModule storage;
    std::vector<std::optional<StorageTicket>> tickets;
};

}  // namespace

TEST_CASE("a request is done in the cycle that its device says, and not in the one before") {
    Simulation simulation;
    Bench bench(simulation, device(1));
    bench.submit_at(0, read(5));
    bench.submit_at(2000, read(6, 3));
    bench.submit_at(3000, write(9));
    std::size_t calls_before = 0;
    std::size_t calls_then = 0;
    simulation.observe(Cycles{1109}, [&] { calls_before = bench.listener.calls.size(); });
    simulation.at(Cycles{1110}, CyclePhase::software,
                  [&] { calls_then = bench.listener.calls.size(); });
    simulation.run();

    CHECK(calls_before == 0);
    CHECK(calls_then == 1);
    CHECK(bench.tickets == std::vector<std::optional<StorageTicket>>{
                               StorageTicket{0}, StorageTicket{1}, StorageTicket{2}});
    CHECK(bench.calls() ==
          std::vector<Call>{{1110, 0, 0, 1110}, {2130, 1, 0, 130}, {3065, 2, 0, 65}});
}

TEST_CASE("with one place in the queue requests are done one after the other") {
    Simulation simulation;
    Bench bench(simulation, device(1));
    bench.submit_at(0, read(0));
    bench.submit_at(0, read(1));
    bench.submit_at(1, write(2));
    simulation.run();

    CHECK(bench.calls() ==
          std::vector<Call>{{1110, 0, 0, 1110}, {1220, 1, 1110, 110}, {1285, 2, 1219, 65}});
}

TEST_CASE("with more places later requests may be done first") {
    Simulation simulation;
    Bench bench(simulation, device(3));
    bench.submit_at(0, read(0));
    bench.submit_at(1000, read(1));
    bench.submit_at(1000, write(2));
    // Takes the place of the write.
    bench.submit_at(1010, write(3));
    simulation.run();

    // The first page is on the channel from 1100 on.
    CHECK(bench.calls() ==
          std::vector<Call>{
              {1065, 2, 0, 65}, {1110, 0, 0, 1110}, {1120, 1, 10, 110}, {1135, 3, 60, 65}});
}

TEST_CASE("requests that are done in one cycle are told in the order of their tickets") {
    Simulation simulation;
    Bench bench(simulation, {.timing = {.read_nanoseconds = 100, .queue_depth = 4}});
    bench.submit_at(0, read(7));
    bench.submit_at(0, read(3));
    bench.submit_at(0, read(5));
    simulation.run();

    CHECK(bench.calls() == std::vector<Call>{{100, 0, 0, 100}, {100, 1, 0, 100}, {100, 2, 0, 100}});
}

TEST_CASE("a request that takes no time has no ticket, and nobody is told") {
    Simulation simulation;
    Bench bench(simulation, {});
    bench.submit_at(7, read(3));
    bench.submit_at(7, write(30, 8));
    simulation.run();

    CHECK(bench.tickets == std::vector<std::optional<StorageTicket>>{std::nullopt, std::nullopt});
    CHECK(bench.calls().empty());
    CHECK(bench.storage.statistics().reads == 1);
    CHECK(bench.storage.statistics().pages_written == 8);
}

TEST_CASE("who is told of a request may submit the next one") {
    Simulation simulation;
    Bench bench(simulation, device(1));
    bench.submit_at(0, read(0));
    bench.listener.on_done = [&] {
        if (bench.listener.calls.size() < 4) {
            bench.tickets.push_back(bench.storage.submit(read(bench.listener.calls.size())));
        }
    };
    simulation.run();

    CHECK(bench.calls() ==
          std::vector<Call>{
              {1110, 0, 0, 1110}, {1220, 1, 0, 110}, {1330, 2, 0, 110}, {1440, 3, 0, 110}});
}

TEST_CASE("a request counts when it is submitted") {
    Simulation simulation;
    Bench bench(simulation, device(1));
    bench.submit_at(0, read(0, 2));
    bench.submit_at(0, write(2));
    std::uint64_t reads_at_once = 0;
    simulation.at(Cycles{1}, CyclePhase::software, [&] {
        reads_at_once = bench.storage.statistics().pages_read;
        bench.storage.reset_statistics();
    });
    bench.submit_at(2, read(3));
    simulation.run();

    CHECK(reads_at_once == 2);
    CHECK(bench.calls().size() == 3);
    CHECK(bench.storage.statistics().reads == 1);
    CHECK(bench.storage.statistics().writes == 0);
    CHECK(bench.storage.statistics().service_cycles == Cycles{110});
}

}  // namespace mmusim::hw::storage_module_test
