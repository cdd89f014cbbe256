// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/scheduler.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace mmusim::sw::scheduler_test {

namespace {

constexpr ProcessId first{0};
constexpr ProcessId second{1};
constexpr ProcessId third{2};

Scheduler scheduler_of_three() {
    Scheduler scheduler;
    scheduler.add(first);
    scheduler.add(second);
    scheduler.add(third);
    return scheduler;
}

}  // namespace

TEST_CASE("without runnable processes it is nobody's turn") {
    Scheduler scheduler;

    CHECK(scheduler.next() == std::nullopt);
}

TEST_CASE("a process alone has every turn") {
    Scheduler scheduler;
    scheduler.add(second);

    CHECK(scheduler.next() == second);
    CHECK(scheduler.next() == second);
}

TEST_CASE("turns go round: after any number of them no process is two ahead of another") {
    Scheduler scheduler = scheduler_of_three();
    std::array<std::size_t, 3> turns{};

    for (std::size_t turn = 0; turn < 100; ++turn) {
        const std::optional<ProcessId> process = scheduler.next();
        REQUIRE(process == ProcessId{static_cast<std::uint32_t>(turn % 3)});
        ++turns.at(process->value);
    }

    CHECK(turns == std::array<std::size_t, 3>{34, 33, 33});
}

TEST_CASE("who ends takes nobody else's turn away") {
    Scheduler scheduler = scheduler_of_three();
    REQUIRE(scheduler.next() == first);

    SECTION("during its own turn") {
        scheduler.remove(first);
        CHECK(scheduler.next() == second);
        CHECK(scheduler.next() == third);
        CHECK(scheduler.next() == second);
    }
    SECTION("before its turn") {
        scheduler.remove(second);
        CHECK(scheduler.next() == third);
        CHECK(scheduler.next() == first);
        CHECK(scheduler.next() == third);
    }
    SECTION("all of them") {
        scheduler.remove(first);
        scheduler.remove(second);
        scheduler.remove(third);
        CHECK(scheduler.next() == std::nullopt);
    }
}

TEST_CASE("a newcomer waits until all others had their turn") {
    Scheduler scheduler;
    scheduler.add(first);
    scheduler.add(second);
    REQUIRE(scheduler.next() == first);
    scheduler.add(third);

    CHECK(scheduler.next() == second);
    CHECK(scheduler.next() == first);
    CHECK(scheduler.next() == third);
}

}  // namespace mmusim::sw::scheduler_test
