// SPDX-License-Identifier: Apache-2.0
#include "hw/base/clock_module.hpp"

#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

namespace mmusim::hw::clock_module_test {
namespace {

using tests::Simulation;

TEST_CASE("a clock has things done in their cycle, by phase, and passes over idle cycles") {
    Simulation simulation;
    ClockModule& clock = simulation.clock();
    std::vector<std::string> done;
    const auto note = [&done, &clock](const std::string& what) {
        done.push_back(
            fmt::format("{} at {}, {}", what, clock.now(), sc_core::sc_time_stamp().to_string()));
    };

    simulation.at(Cycles{1000}, CyclePhase::answer, [&note] { note("late"); });
    simulation.at(Cycles{5}, CyclePhase::lookup, [&note] { note("lookup"); });
    simulation.at(Cycles{5}, CyclePhase::answer, [&] {
        note("answer");
        simulation.at(Cycles{5}, CyclePhase::issue, [&note] { note("issue"); });
        simulation.at(Cycles{5}, CyclePhase::answer, [&note] { note("answer again"); });
        simulation.at(Cycles{7}, CyclePhase::answer, [&note] { note("between"); });
    });
    simulation.at(Cycles{0}, CyclePhase::issue, [&note] { note("first"); });
    simulation.run();

    CHECK(done == std::vector<std::string>{"first at 0, 0 s", "answer at 5, 5 ns",
                                           "answer again at 5, 5 ns", "issue at 5, 5 ns",
                                           "lookup at 5, 5 ns", "between at 7, 7 ns",
                                           "late at 1000, 1 us"});
}

TEST_CASE("cycles and kernel time are converted into each other without loss") {
    Simulation simulation;
    const ClockModule& clock = simulation.clock();

    CHECK(clock.to_time(Cycles{3}) == sc_core::sc_time(3, sc_core::SC_NS));
    CHECK(clock.to_time(Cycles{0}) == sc_core::SC_ZERO_TIME);
    for (const std::uint64_t cycles :
         {0ULL, 1ULL, 7ULL, 1'000'000'007ULL, 1'000'000'000'000'000ULL}) {
        CHECK(clock.to_cycles(clock.to_time(Cycles{cycles})) == Cycles{cycles});
    }
}

TEST_CASE("an exception of an action ends the simulation and is thrown after it") {
    Simulation simulation;
    bool went_on = false;
    simulation.at(Cycles{2}, CyclePhase::answer, [] { throw std::runtime_error("broken"); });
    simulation.at(Cycles{2}, CyclePhase::issue, [&went_on] { went_on = true; });
    simulation.at(Cycles{9}, CyclePhase::answer, [&went_on] { went_on = true; });

    CHECK_THROWS_WITH(simulation.run(), "broken");
    CHECK_FALSE(went_on);
    CHECK(sc_core::sc_time_stamp() == simulation.clock().to_time(Cycles{2}));
}

TEST_CASE("a failure told from outside ends the simulation, and the first one counts") {
    Simulation simulation;
    bool went_on = false;
    simulation.at(Cycles{4}, CyclePhase::answer, [&simulation] {
        simulation.clock().fail(std::make_exception_ptr(std::runtime_error("first")));
        simulation.clock().fail(std::make_exception_ptr(std::runtime_error("second")));
    });
    simulation.at(Cycles{5}, CyclePhase::answer, [&went_on] { went_on = true; });

    CHECK_THROWS_WITH(simulation.run(), "first");
    CHECK_FALSE(went_on);
}

TEST_CASE("a simulation that has come to rest goes on when there is more to do") {
    Simulation simulation;
    std::vector<std::uint64_t> cycles;
    const auto note = [&] { cycles.push_back(simulation.clock().now().value); };
    simulation.at(Cycles{3}, CyclePhase::answer, note);
    simulation.run();
    simulation.at(Cycles{3}, CyclePhase::issue, note);
    simulation.at(Cycles{8}, CyclePhase::answer, note);
    simulation.run();

    CHECK(cycles == std::vector<std::uint64_t>{3, 3, 8});
}

TEST_CASE("a second simulation in one process is refused, and the message says what to do") {
    Simulation simulation;

    CHECK_THROWS_WITH(Simulation(), Catch::Contains("a second simulation in one process") &&
                                        Catch::Contains("a process of its own"));
}

}  // namespace
}  // namespace mmusim::hw::clock_module_test
