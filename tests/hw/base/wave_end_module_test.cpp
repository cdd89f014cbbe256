// SPDX-License-Identifier: Apache-2.0
#include "hw/base/wave_end_module.hpp"

#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace mmusim::hw::wave_end_module_test {
namespace {

using tests::Simulation;

/// What ends, and when it did.
class Shown {
  public:
    explicit Shown(Simulation& simulation) : clock_(simulation.clock()) {}

    WaveEnd& end() { return end_; }
    [[nodiscard]] const std::vector<std::uint64_t>& ends() const { return ends_; }

  private:
    void note() { ends_.push_back(clock_.now().value); }

    ClockModule& clock_;
    std::vector<std::uint64_t> ends_;
    MemberAction<Shown> ended_{*this, &Shown::note};
    WaveEnd end_{clock_, ended_};
};

TEST_CASE("what waves show ends in the cycle that was named last, and once") {
    Simulation simulation;
    Shown shown(simulation);
    simulation.at(Cycles{1}, CyclePhase::lookup, [&shown] { shown.end().name(Cycles{5}); });
    simulation.at(Cycles{3}, CyclePhase::lookup, [&shown] { shown.end().name(Cycles{9}); });
    simulation.at(Cycles{20}, CyclePhase::lookup, [&shown] { shown.end().name(Cycles{20}); });
    simulation.run();

    CHECK(shown.ends() == std::vector<std::uint64_t>{9, 20});
}

TEST_CASE("an end that is cancelled does not come, and the next one does") {
    Simulation simulation;
    Shown shown(simulation);
    simulation.at(Cycles{1}, CyclePhase::lookup, [&shown] { shown.end().name(Cycles{5}); });
    simulation.at(Cycles{2}, CyclePhase::lookup, [&shown] { shown.end().cancel(); });
    simulation.at(Cycles{3}, CyclePhase::lookup, [&shown] { shown.end().name(Cycles{6}); });
    simulation.at(Cycles{7}, CyclePhase::lookup, [&shown] { shown.end().name(Cycles{8}); });
    simulation.at(Cycles{8}, CyclePhase::lookup, [&shown] { shown.end().cancel(); });
    simulation.run();

    CHECK(shown.ends() == std::vector<std::uint64_t>{6});
}

TEST_CASE("an end is to come until its cycle") {
    Simulation simulation;
    Shown shown(simulation);
    std::vector<bool> to_come{shown.end().is_to_come()};
    const auto look = [&] { to_come.push_back(shown.end().is_to_come()); };
    simulation.at(Cycles{1}, CyclePhase::answer, [&shown] { shown.end().name(Cycles{3}); });
    for (const std::uint64_t cycle : {1ULL, 2ULL, 3ULL, 4ULL}) {
        simulation.at(Cycles{cycle}, CyclePhase::lookup, look);
    }
    simulation.run();

    CHECK(to_come == std::vector<bool>{false, true, true, false, false});
}

}  // namespace
}  // namespace mmusim::hw::wave_end_module_test
