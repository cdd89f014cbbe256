// SPDX-License-Identifier: Apache-2.0
// Page replacement that is shown the future: its faults in whole runs, beside those of the others.
#include "hw/base/random.hpp"
#include "sw/replacement/page_replacement.hpp"
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests::optimal_replacement_test {

namespace {

using nlohmann::json;
using sw::PageReplacementPolicy;

std::uint64_t faults_of(const Outcome& outcome) {
    REQUIRE(outcome.errors.empty());
    REQUIRE(outcome.status == 0);
    const json faults = json::parse(outcome.output)["faults"];
    return faults["minor"].get<std::uint64_t>() + faults["major"].get<std::uint64_t>();
}

// The smallest exact machine, with room for so many pages.
std::vector<std::string> small_machine(PageReplacementPolicy policy, std::uint64_t frames) {
    return {"run",
            "--preset",
            "plain",
            "--json",
            "-",
            "--set",
            fmt::format("os.page_replacement={}", name_of(policy)),
            "--set",
            fmt::format("os.user_frames={}", frames),
            "--set",
            "os.swap.size_bytes=4MiB"};
}

Outcome run(const Workplace& place, PageReplacementPolicy policy, std::uint64_t frames,
            const std::vector<std::string>& more) {
    std::vector<std::string> arguments = small_machine(policy, frames);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place.mmusim(arguments);
}

std::vector<PageReplacementPolicy> every_policy() {
    std::vector<PageReplacementPolicy> policies;
    for (std::size_t policy = 0; policy < enumerator_count<PageReplacementPolicy>; ++policy) {
        policies.push_back(static_cast<PageReplacementPolicy>(policy));
    }
    return policies;
}

// Accesses to random pages of one region, some of them writes.
std::string random_script(std::uint64_t seed) {
    Random random(seed);
    const std::uint64_t pages = 4 + random.below(8);
    std::string script = "process P\nP map pages 64KiB anon private rw\n";
    for (int access = 0; access < 80; ++access) {
        script += fmt::format("P {} pages +{}KiB\n", random.below(3) == 0 ? "write" : "read",
                              4 * random.below(pages));
    }
    return script;
}

}  // namespace

TEST_CASE("no policy has fewer faults than opt on a random string") {
    const auto seed = GENERATE(as<std::uint64_t>{}, 1, 2, 3);
    const auto frames = GENERATE(as<std::uint64_t>{}, 3, 5);
    const Workplace place;
    const std::string script = place.file("random.workload", random_script(seed));

    const std::uint64_t least =
        faults_of(run(place, PageReplacementPolicy::opt, frames, {"--workload", script}));

    for (const PageReplacementPolicy policy : every_policy()) {
        INFO(name_of(policy) << " with " << frames << " frames, seed " << seed);
        CHECK(least <= faults_of(run(place, policy, frames, {"--workload", script})));
    }
}

TEST_CASE("no policy has fewer faults than opt on what a generator makes") {
    const auto generator = GENERATE(as<std::string>{}, "zipf", "random", "sequential");
    const Workplace place;
    const std::string trace =
        "generate:" + generator + ",accesses=4000,footprint=128KiB,write_percent=30";

    const std::uint64_t least = faults_of(run(place, PageReplacementPolicy::opt, 20, {trace}));

    for (const PageReplacementPolicy policy : every_policy()) {
        INFO(name_of(policy) << " on " << trace);
        CHECK(least <= faults_of(run(place, policy, 20, {trace, "--check"})));
    }
}

TEST_CASE("with more frames opt has no more faults") {
    const Workplace place;
    const std::string trace = "generate:zipf,accesses=4000,footprint=128KiB,write_percent=30";
    std::uint64_t before = 4000;
    const std::vector<std::uint64_t> sizes{2, 4, 7, 12, 20, 31, 32};
    for (const std::uint64_t frames : sizes) {
        const std::uint64_t now =
            faults_of(run(place, PageReplacementPolicy::opt, frames, {trace}));
        INFO(frames << " frames");
        CHECK(now <= before);
        before = now;
    }
    // Each page once.
    CHECK(before == 32);
}

// Belady's string, its pages in two address spaces.
TEST_CASE("opt looks ahead over all processes of a script") {
    struct Row {
        std::uint64_t frames;
        std::uint64_t faults;
    };
    const auto row = GENERATE(values<Row>({{3, 7}, {4, 6}}));
    const Workplace place;
    std::string script = "process P\nprocess Q\n";
    for (const char* const process : {"P", "Q"}) {
        script += fmt::format("{} map pages 32KiB anon private rw\n", process);
    }
    for (const int page : {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5}) {
        script += fmt::format("{} write pages +{}KiB\n", page % 2 == 0 ? "P" : "Q", 4 * page);
    }

    const Outcome outcome = run(place, PageReplacementPolicy::opt, row.frames,
                                {"--check", "--workload", place.file("two.workload", script)});

    CHECK(faults_of(outcome) == row.faults);
}

TEST_CASE("a page that two processes share stays for the one that wants it first") {
    const Workplace place;
    const std::string script = place.file("shared.workload",
                                          "process P\n"
                                          "P map data 12KiB anon private rw\n"
                                          "P map more 4KiB anon private rw\n"
                                          "P write data\n"
                                          "P fork Q\n"
                                          "P write more\n"
                                          "Q read data +0\n"
                                          "expect minor 0 major 0\n"
                                          "Q read data +8KiB\n"
                                          "expect minor 0 major 0\n"
                                          "P read more\n"
                                          "expect minor 0 major 0\n"
                                          "P read data +4KiB\n"
                                          "expect major 1\n");

    const Outcome outcome =
        run(place, PageReplacementPolicy::opt, 3, {"--check", "--workload", script});

    CHECK(outcome.errors.empty());
    CHECK(outcome.status == 0);
}

// What a line does in the rehearsal is nobody's business: with fifo it would be something else.
TEST_CASE("a script that forks and swaps, with signals and calls that fail, is foreseen") {
    const Workplace place;
    const std::string script = place.file("day.workload",
                                          "file F 64KiB\n"
                                          "process P\n"
                                          "P map heap 128KiB anon private rw\n"
                                          "P map text 64KiB file F private rx\n"
                                          "P map shm 64KiB shm S shared rw\n"
                                          "P map huge 1TiB anon private rw\n"
                                          "expect error ENOMEM\n"
                                          "P write heap\n"
                                          "P fetch text repeat 2\n"
                                          "P fork Q\n"
                                          "Q write heap +0 count 16\n"
                                          "Q write heap count 40\n"
                                          "expect signal SIGSEGV MAPERR\n"
                                          "P write shm\n"
                                          "Q read shm\n"
                                          "P advise heap dontneed +0 32KiB\n"
                                          "P read heap repeat 3\n"
                                          "Q move heap\n"
                                          "Q read heap\n"
                                          "Q exit\n"
                                          "P grow heap 160KiB\n"
                                          "P write heap\n");
    const std::vector<std::string> more{"--check", "--workload", script};

    const Outcome outcome = run(place, PageReplacementPolicy::opt, 24, more);

    const std::uint64_t faults = faults_of(outcome);
    CHECK(faults < faults_of(run(place, PageReplacementPolicy::fifo, 24, more)));
    CHECK(json::parse(outcome.output)["faults"]["by_kind"]["swap_in"] > 0);
    CHECK(run(place, PageReplacementPolicy::opt, 24, more).output == outcome.output);
}

TEST_CASE("programs that take turns under opt give the same bytes each time") {
    const Workplace place;
    std::vector<std::string> arguments{"run",      "--check", "--set",   "os.user_frames=100",
                                       "--json",   "-",       "--set",   "os.page_replacement=opt",
                                       "--warmup", "2000",    "--limit", "9000"};
    for (const char* const name : {"zipf", "random", "zipf"}) {
        arguments.push_back(std::string("generate:") + name +
                            ",accesses=4000,footprint=512KiB,write_percent=30");
    }

    const Outcome outcome = place.mmusim(arguments);

    CHECK(outcome.errors.empty());
    REQUIRE(outcome.status == 0);
    CHECK(json::parse(outcome.output)["faults"]["by_kind"]["swap_in"] > 0);
    CHECK(place.mmusim(arguments).output == outcome.output);
}

TEST_CASE("a trace that can be read only once is refused under opt") {
    const Workplace place;

    const Outcome outcome =
        place.shell("mkfifo pipe; $mmusim run --set os.page_replacement=opt pipe");

    CHECK(complains(outcome,
                    "pipe: is no regular file, expected one: os.page_replacement = opt "
                    "reads traces twice"));

    const std::string script = place.file("trace.workload", "process P\nP trace pipe\n");
    CHECK(complains(place.mmusim({"run", "--set", "os.page_replacement=opt", "--workload", script}),
                    place.path_of("pipe") +
                        ": is no regular file, expected one: os.page_replacement = opt reads "
                        "traces twice"));
}

}  // namespace mmusim::tests::optimal_replacement_test
