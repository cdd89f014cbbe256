// SPDX-License-Identifier: Apache-2.0
#include "tb/system/memory_pressure.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::memory_pressure_test {

namespace {

constexpr std::uint64_t percent = 60;

// Just thrashing.
constexpr MemoryPressure thrashing_pressure{.accesses = 10,
                                            .cycles = Cycles{1000},
                                            .stalled = Cycles{600},
                                            .major_faults = 1,
                                            .refaults = 1,
                                            .working_set_pages = 33,
                                            .frames = 32};

}  // namespace

TEST_CASE("working sets beyond memory, pages wanted back and standing still are thrashing") {
    CHECK(thrashes(thrashing_pressure, percent));
}

TEST_CASE("without any one of them it is no thrashing") {
    MemoryPressure pressure = thrashing_pressure;
    SECTION("working sets that just fit") {
        pressure.working_set_pages = pressure.frames;
    }
    SECTION("new pages only, such as those of a file that is read once") {
        pressure.refaults = 0;
    }
    SECTION("others run while one waits") {
        pressure.stalled = Cycles{599};
    }
    CHECK_FALSE(thrashes(pressure, percent));
}

TEST_CASE("an interval in which nothing happened is no thrashing") {
    CHECK_FALSE(thrashes({}, percent));
}

TEST_CASE("pressures add up, and the larger working set counts") {
    const MemoryPressure later{.accesses = 1,
                               .cycles = Cycles{2},
                               .stalled = Cycles{3},
                               .major_faults = 4,
                               .refaults = 5,
                               .working_set_pages = 6,
                               .frames = 7};
    const MemoryPressure sum{.accesses = 11,
                             .cycles = Cycles{1002},
                             .stalled = Cycles{603},
                             .major_faults = 5,
                             .refaults = 6,
                             .working_set_pages = 33,
                             .frames = 7};
    CHECK(thrashing_pressure + later == sum);
}

}  // namespace mmusim::tb::memory_pressure_test
