// SPDX-License-Identifier: Apache-2.0
// What must hold for every machine and every program.
#include "tests/tb/system/laws.hpp"

#include "tb/trace/user_half.hpp"
#include "tb/workload/generators.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/system/random_machine.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::laws_test {

namespace {

using BrokenLaws = std::vector<std::string>;

BrokenLaws broken_by(const tb::Configuration& configuration,
                     const std::vector<TestProgram>& programs) {
    MachineFigures machine;
    const tb::RunResult result =
        run(configuration, programs, {.check = true},
            [&](const auto& system) { machine = machine_figures(configuration, system); });
    return broken_laws(configuration, result, machine);
}

std::vector<Access> generated(const std::string& generator) {
    const auto source = tb::open_generator(generator, 1, tb::UserHalf{});
    return all_of(*source);
}

// On the default machine, in which memory has banks and the operating system costs.
void check_generator(const std::string& generator) {
    CHECK(broken_by(machine("default"), {{.name = generator, .accesses = generated(generator)}}) ==
          none_broken);
}

void check_random_runs(std::uint64_t first_seed, std::uint64_t count) {
    for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
        INFO("seed " << seed);
        CHECK_THAT(surprises_of_random_run(seed), Catch::Equals(""));
    }
}

}  // namespace

TEST_CASE("the laws hold on the real trace, default machine") {
    CHECK(broken_by(machine("default"), {{.name = "trace", .accesses = shipped_trace()}}) ==
          none_broken);
}

TEST_CASE("the laws hold on the real trace as three processes in short turns") {
    const TestProgram trace{.name = "trace", .accesses = shipped_trace()};
    CHECK(broken_by(machine("default", {"os.scheduler.time_slice_cycles=20000",
                                        "paging.asid_bits=1", "tlbs.l2.replacement=random"}),
                    {trace, trace, trace}) == none_broken);
}

TEST_CASE("the laws hold on a sequential program") {
    check_generator("generate:sequential,accesses=100000,footprint=1MiB,write_percent=30");
}

TEST_CASE("the laws hold on a striding program") {
    check_generator("generate:stride,accesses=50000,footprint=64MiB,stride=12KiB");
}

TEST_CASE("the laws hold on a random program") {
    check_generator("generate:random,accesses=50000,footprint=256MiB,write_percent=50");
}

TEST_CASE("the laws hold on a pointer chase") {
    check_generator("generate:chase,accesses=50000,footprint=32MiB,node=4096");
}

TEST_CASE("the laws hold on random updates") {
    check_generator("generate:gups,accesses=50000,footprint=32MiB");
}

TEST_CASE("the laws hold on a program with popular pages") {
    check_generator("generate:zipf,accesses=50000,footprint=64MiB,write_percent=20");
}

TEST_CASE("sixty random machines obey the laws and give programs the fate that is theirs") {
    check_random_runs(0, 60);
}

TEST_CASE("a thousand random machines obey the laws and give programs the fate that is theirs",
          "[.][soak]") {
    check_random_runs(1'000, 1'000);
}

}  // namespace mmusim::tests::laws_test
