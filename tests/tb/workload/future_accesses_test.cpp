// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/future_accesses.hpp"

#include "tests/support/listed_accesses.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>

namespace mmusim::tb::future_accesses_test {

namespace {

using Distance = FutureAccesses::Distance;

constexpr sw::ProcessId a{0};
constexpr sw::ProcessId b{1};
constexpr std::optional<std::uint64_t> never;

void foresee(FutureAccesses& future, sw::ProcessId process,
             std::initializer_list<std::uint64_t> pages) {
    future.foresee_task(process);
    for (const std::uint64_t page : pages) {
        future.foresee(process, {page});
    }
}

void make(FutureAccesses& future, sw::ProcessId process, int accesses) {
    for (int access = 0; access < accesses; ++access) {
        future.made(process);
    }
}

}  // namespace

TEST_CASE("the next access to a page is as far ahead as there are accesses before it") {
    FutureAccesses future(Distance::accesses_of_its_process);
    foresee(future, a, {1, 2, 1, 3});
    future.begin_task(a);

    CHECK(future.next_access(a, {1}) == 0);
    CHECK(future.next_access(a, {3}) == 3);
    CHECK(future.next_access(a, {4}) == never);
    CHECK(future.next_access(b, {1}) == never);

    make(future, a, 1);
    CHECK(future.next_access(a, {1}) == 1);
    CHECK(future.next_access(a, {2}) == 0);

    make(future, a, 2);
    CHECK(future.next_access(a, {1}) == never);
    CHECK(future.next_access(a, {3}) == 0);
}

TEST_CASE("where processes take turns each is as far as it has come itself") {
    FutureAccesses future(Distance::accesses_of_its_process);
    foresee(future, a, {1, 2});
    foresee(future, b, {1, 1, 2});
    future.begin_task(a);
    future.begin_task(b);

    make(future, b, 2);

    CHECK(future.next_access(a, {2}) == 1);
    CHECK(future.next_access(b, {1}) == never);
    CHECK(future.next_access(b, {2}) == 0);
}

TEST_CASE("where the order of all is known, all accesses lie between") {
    FutureAccesses future(Distance::accesses_of_all);
    foresee(future, a, {1, 2});
    foresee(future, b, {1, 2});
    foresee(future, a, {1});
    future.begin_task(a);

    make(future, a, 1);

    CHECK(future.next_access(a, {1}) == 3);
    CHECK(future.next_access(b, {1}) == 1);
}

TEST_CASE("what a task has left undone is past when the next begins") {
    FutureAccesses future(Distance::accesses_of_all);
    foresee(future, a, {1, 2});
    foresee(future, b, {1});
    foresee(future, a, {2});
    future.begin_task(a);

    future.begin_task(b);

    CHECK(future.next_access(a, {1}) == never);
    CHECK(future.next_access(a, {2}) == 1);

    make(future, b, 1);
    future.begin_task(a);
    CHECK(future.next_access(a, {2}) == 0);
}

TEST_CASE("an access that crosses a page is one to each") {
    FutureAccesses future(Distance::accesses_of_its_process);
    tests::ListedAccesses accesses({{.address = {0x1000}, .size_bytes = 8},
                                    {.address = {0x2ffc}, .size_bytes = 8},
                                    {.address = {0x4000}, .size_bytes = 8}});
    foresee_task(future, a, accesses, nullptr);
    future.begin_task(a);

    CHECK(future.next_access(a, {1}) == 0);
    CHECK(future.next_access(a, {2}) == 1);
    CHECK(future.next_access(a, {3}) == 2);
    CHECK(future.next_access(a, {4}) == 3);
}

}  // namespace mmusim::tb::future_accesses_test
